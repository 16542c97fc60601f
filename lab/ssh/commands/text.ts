import type { CommandGroup } from "./command.ts";

/** Filters of a pipe, in their plainest forms. */
export const text: CommandGroup = {
  head: async ({ args, streams }) => {
    const bytes = /^-c ?(\d+)$/.exec(args.join(" "))?.[1];
    if (bytes !== undefined) return { out: (await streams.input.readAll()).subarray(0, Number(bytes)) };
    const found = /^(?:-n ?|-)(\d+)$/.exec(args.join(" ") || "-10");
    if (found === null) return undefined;
    const lines = (await streams.input.readAll()).toString().split(/(?<=\n)/);
    return { out: lines.slice(0, Number(found[1])).join("") };
  },
  // `s/^/TEXT/` alone.
  sed: async ({ args, streams }) => {
    const [, text] = args.length === 1 ? (/^s\/\^\/([^/\\&]*)\/$/.exec(args[0] ?? "") ?? []) : [];
    if (text === undefined) return undefined;
    const lines = (await streams.input.readAll())
      .toString()
      .split(/(?<=\n)/)
      .filter((line) => line !== "");
    return { out: lines.map((line) => text + line).join("") };
  },
  wc: async ({ args, streams }) => {
    if (args.join(" ") !== "-l") return undefined;
    return { out: `${(await streams.input.readAll()).toString().split("\n").length - 1}\n` };
  },
  grep: async ({ args, streams }) => {
    const [first = "", ...rest] = args;
    const fixed = first === "-F" || first === "-qF" || first === "-Fq";
    const quiet = first === "-q" || first === "-qF" || first === "-Fq";
    const [pattern, ...more] = fixed || quiet ? rest : args;
    if (pattern === undefined || more.length > 0 || pattern.startsWith("-")) return undefined;
    // A pattern that means more than its letters would need grep's own regular expressions.
    if (!fixed && /[.[\]*^$\\]/.test(pattern)) return undefined;
    const lines = (await streams.input.readAll()).toString().split(/(?<=\n)/);
    const found = lines.filter((line) => line.includes(pattern));
    return { code: found.length > 0 ? 0 : 1, out: quiet ? "" : found.join("") };
  },
};
