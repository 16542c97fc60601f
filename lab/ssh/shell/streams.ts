import type { Readable } from "node:stream";

/** Standard input, shared by a script and the commands in it, as in a real shell. */
export interface Input {
  /** The next line without its end; undefined at the end of the input. */
  readLine(): Promise<string | undefined>;
  /** All that is left. */
  readAll(): Promise<Buffer>;
}

export interface Streams {
  input: Input;
  out(data: string | Buffer): void;
  err(data: string | Buffer): void;
}

/** Input from bytes that are all there. */
export function bufferInput(content: Buffer | string): Input {
  let rest = Buffer.from(content);
  return {
    readLine: async () => {
      if (rest.length === 0) return undefined;
      const end = rest.indexOf(10);
      const line = rest.subarray(0, end < 0 ? rest.length : end).toString();
      rest = rest.subarray(end < 0 ? rest.length : end + 1);
      return line;
    },
    readAll: async () => {
      const all = rest;
      rest = Buffer.alloc(0);
      return all;
    },
  };
}

/** Input as it arrives; nothing is read from the stream before a command asks. */
export function streamInput(stream: Readable): Input {
  let chunks: Buffer[] = [];
  let ended = false;
  let wake = () => {};
  let listening = false;

  function listen(): void {
    if (listening) return;
    listening = true;
    const finish = () => {
      ended = true;
      wake();
    };
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      wake();
    });
    stream.on("end", finish).on("close", finish).on("error", finish);
    if (stream.readableEnded || stream.destroyed) finish();
  }

  const more = () => new Promise<void>((resolve) => (wake = resolve));

  return {
    readLine: async () => {
      listen();
      for (;;) {
        if (chunks.some((chunk) => chunk.includes(10)) || ended) {
          const all = Buffer.concat(chunks);
          const end = all.indexOf(10);
          chunks = end < 0 ? [] : [all.subarray(end + 1)];
          if (all.length === 0) return undefined;
          return all.subarray(0, end < 0 ? all.length : end).toString();
        }
        await more();
      }
    },
    readAll: async () => {
      listen();
      while (!ended) await more();
      const all = Buffer.concat(chunks);
      chunks = [];
      return all;
    },
  };
}
