import { createHash } from "node:crypto";
import { absolutePath, fileErrorReason } from "../files/tree.ts";
import type { Answer, Call, CommandGroup } from "./command.ts";

/** Programs that look at files or change them. */
export const fileCommands: CommandGroup = {
  cat: async (call) => {
    if (call.args.length === 0) return { out: await call.streams.input.readAll() };
    return each(call, (path) => call.files.read(path));
  },
  sha256sum: async (call) => {
    const sum = (content: Buffer, name: string) =>
      `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
    if (call.args.length === 0) return { out: sum(await call.streams.input.readAll(), "-") };
    return each(call, (path, name) => sum(call.files.read(path), name));
  },
  tee: async (call) => {
    const content = await call.streams.input.readAll();
    const written = each(call, (path) => call.files.write(path, content));
    return written && { ...written, out: content };
  },
  ls: (call) => {
    const [option, ...rest] = call.args;
    const flagged = option?.startsWith("-") === true;
    if (flagged && option !== "-1" && option !== "-A" && option !== "-1A") return undefined;
    const named = flagged ? rest : call.args;
    const hidden = flagged && option.includes("A");
    return each({ ...call, args: named.length === 0 ? [call.home] : named }, (path, name) => {
      if (call.files.stat(path)?.type === "file") return `${name}\n`;
      const entries = call.files.list(path).filter((entry) => hidden || !entry.startsWith("."));
      const title = named.length > 1 ? `${name}:\n` : "";
      return title + entries.map((entry) => `${entry}\n`).join("");
    });
  },
  mkdir: (call) => {
    const parents = call.args[0] === "-p";
    return each({ ...call, args: call.args.slice(parents ? 1 : 0) }, (path) => {
      if (!parents) return call.files.makeDirectory(path);
      const steps = path.split("/").slice(1);
      for (const [index] of steps.entries()) {
        const step = `/${steps.slice(0, index + 1).join("/")}`;
        if (call.files.stat(step) === undefined) call.files.makeDirectory(step);
      }
    });
  },
  rm: (call) => {
    const force = call.args[0] === "-f";
    return each({ ...call, args: call.args.slice(force ? 1 : 0) }, (path) => {
      if (!force || call.files.stat(path) !== undefined) call.files.remove(path);
    });
  },
  chmod: (call) => {
    const [mode = "", ...names] = call.args;
    if (!/^[0-7]{3,4}$/.test(mode)) return undefined;
    return each({ ...call, args: names }, (path) => call.files.setMode(path, Number.parseInt(mode, 8)));
  },
};

/** The same for every named file; a file that fails is named on stderr and the others are done. */
function each(call: Call, action: (path: string, name: string) => unknown): Answer | undefined {
  if (call.args.some((arg) => arg.startsWith("-") && arg !== "--")) return undefined;
  const printed: Buffer[] = [];
  let err = "";
  for (const name of call.args.filter((arg) => arg !== "--")) {
    try {
      const shown = action(absolutePath(name, call.home), name);
      if (typeof shown === "string" || Buffer.isBuffer(shown)) printed.push(Buffer.from(shown));
    } catch (error) {
      err += `${call.name}: ${call.name === "ls" ? `cannot access '${name}'` : name}: ${fileErrorReason(error)}\n`;
    }
  }
  const code = err === "" ? 0 : call.name === "ls" ? 2 : 1;
  return { code, out: Buffer.concat(printed), err };
}
