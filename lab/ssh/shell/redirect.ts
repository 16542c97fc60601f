import { fileErrorReason } from "../files/tree.ts";
import { bufferInput, type Streams } from "./streams.ts";
import type { Redirect, Word } from "./syntax.ts";

interface Files {
  read(path: string): Buffer;
  write(path: string, content: Buffer): void;
  expand(word: Word): Promise<string>;
}

interface Redirected {
  streams: Streams;
  /** Writes what went into files. */
  finish(): void;
}

/** The streams after the redirections, taken from left to right; a text where a file cannot be opened. */
export async function applyRedirects(
  redirects: Redirect[],
  outer: Streams,
  files: Files,
): Promise<Redirected | string> {
  const streams = { ...outer };
  const finishers: (() => void)[] = [];
  for (const redirect of redirects) {
    if (redirect.to !== "file") {
      const target = redirect.to === 1 ? streams.out : streams.err;
      if (redirect.from === 1) streams.out = target;
      else streams.err = target;
      continue;
    }
    const path = await files.expand(redirect.word);
    try {
      if (redirect.mode === "read") {
        streams.input = bufferInput(path === "/dev/null" ? "" : files.read(path));
        continue;
      }
      const sink = path === "/dev/null" ? () => {} : fileSink(path, redirect.mode, files, finishers);
      if (redirect.from === 2) streams.err = sink;
      else streams.out = sink;
    } catch (error) {
      const verb = redirect.mode === "read" ? "open" : "create";
      return `cannot ${verb} ${path}: ${fileErrorReason(error)}`;
    }
  }
  return { streams, finish: () => finishers.forEach((finish) => void finish()) };
}

function fileSink(path: string, mode: "write" | "append", files: Files, finishers: (() => void)[]) {
  const chunks: Buffer[] = [];
  if (mode === "append") {
    try {
      chunks.push(files.read(path));
    } catch {
      // An absent file is appended to from nothing.
    }
  }
  files.write(path, Buffer.concat(chunks));
  finishers.push(() => files.write(path, Buffer.concat(chunks)));
  return (data: string | Buffer) => void chunks.push(Buffer.from(data));
}
