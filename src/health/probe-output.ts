import type { Answer } from "./check.ts";
import { maxAnswerBytes, own } from "./probe.ts";

/** `unasked`: the installed probe does not have the question. */
export type Reply = Answer | "timed-out" | "too-much" | "unasked";

export interface ProbeListener {
  /** The probe has begun; `hash` is its own. */
  onStart(hash: string): void;
  onReply(mark: string, reply: Reply): void;
  /** There are no more. */
  onEnd(): void;
}

/** Takes the lines of a probe as they arrive. What the login printed before it is no answer to anything. */
export function readProbe(listener: ProbeListener): (line: string) => void {
  let begun = false;
  let lines: string[] = [];
  return (line) => {
    if (line.startsWith(" ")) {
      lines.push(line.slice(1));
      return;
    }
    const [first, mark = "", hash = ""] = line.trimEnd().split(" ");
    if (first !== own) return;
    if (mark === "probe") {
      begun = true;
      listener.onStart(hash);
    } else if (begun && mark === "end") listener.onEnd();
    else if (begun) listener.onReply(mark, replyIn(lines));
    lines = [];
  };
}

/** 124: coreutils; 143: busybox, whose `timeout` hands on the exit code of what it has ended. */
const timeoutCodes = new Set([124, 143]);

function replyIn(lines: readonly string[]): Reply {
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  if (bytes >= maxAnswerBytes) return "too-much";
  const exitCode = Number(lines.at(-1));
  if (timeoutCodes.has(exitCode)) return "timed-out";
  // A line feed before the exit code is the probe's own; the answer may have one of its own before that.
  return {
    exitCode,
    output: lines
      .slice(0, -1)
      .join("\n")
      .replace(/\r?\n$/, ""),
  };
}
