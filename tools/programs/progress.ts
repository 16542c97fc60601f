export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Shows that something long goes on, with the seconds it has taken: one line that changes in a terminal,
 * a line every half minute elsewhere. Returns what ends it; the last line is `done` and the time taken.
 */
export function startProgress(
  text: string,
  stream: ProgressStream = process.stderr,
): (done?: string) => void {
  const began = Date.now();
  const seconds = (): string => `${Math.round((Date.now() - began) / 1000)} s`;
  const live = stream.isTTY === true;
  stream.write(live ? `${text} …` : `${text} …\n`);
  const timer = setInterval(
    () => stream.write(live ? `\r${text} … ${seconds()}` : `${text} … ${seconds()}\n`),
    live ? 1000 : 30_000,
  );
  return (done) => {
    clearInterval(timer);
    if (live) stream.write("\r\u001b[2K");
    if (done !== undefined) stream.write(`${done} in ${seconds()}\n`);
  };
}
