import { absolutePath, type FileInfo } from "../files/tree.ts";
import type { Call, CommandGroup } from "./command.ts";

/** `test` and `[` with one condition. */
export const test: CommandGroup = {
  test: (call) => decide(call, call.args),
  "[": (call) => {
    const closed = call.args.at(-1) === "]";
    return closed ? decide(call, call.args.slice(0, -1)) : { code: 2, err: "sh: 1: [: missing ]\n" };
  },
};

const ofFile: Record<string, (info: FileInfo) => boolean> = {
  "-e": () => true,
  "-f": (info) => info.type === "file",
  "-d": (info) => info.type === "directory",
  "-s": (info) => info.size > 0,
  "-r": () => true,
  "-x": (info) => (info.mode & 0o111) !== 0,
};

const ofTwo: Record<string, (left: string, right: string) => boolean> = {
  "=": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "-eq": (left, right) => Number(left) === Number(right),
  "-ne": (left, right) => Number(left) !== Number(right),
  "-gt": (left, right) => Number(left) > Number(right),
  "-lt": (left, right) => Number(left) < Number(right),
};

function decide(call: Call, words: string[]): { code: number } | undefined {
  const result = holds(call, words);
  return result === undefined ? undefined : { code: result ? 0 : 1 };
}

function holds(call: Call, words: string[]): boolean | undefined {
  const [first = "", second = "", third = ""] = words;
  if (first === "!" && words.length > 1) {
    const inner = holds(call, words.slice(1));
    return inner === undefined ? undefined : !inner;
  }
  if (words.length <= 1) return first !== "";
  if (words.length === 3) return ofTwo[second]?.(first, third);
  if (words.length !== 2) return undefined;
  if (first === "-n" || first === "-z") return (second !== "") === (first === "-n");
  const question = ofFile[first];
  if (question === undefined) return undefined;
  try {
    const info = call.files.stat(absolutePath(second, call.home));
    return info !== undefined && question(info);
  } catch {
    return false;
  }
}
