import { printf } from "../shell/printf.ts";
import { runScript, runText, runWords } from "../shell/run.ts";
import { makeShell, type Shell } from "../shell/shell.ts";
import type { Call, CommandGroup } from "./command.ts";
import { printsSudoProbe, uploadOf } from "./provider-shapes.ts";

/** What belongs to the shell itself, and programs that start another. */
export const shellCommands: CommandGroup = {
  ":": () => ({}),
  true: () => ({}),
  false: () => ({ code: 1 }),
  exit: ({ args, shell }) => {
    const code = args[0] === undefined ? shell.status : Number(args[0]);
    if (!Number.isInteger(code)) return { code: 2, err: `sh: 1: exit: Illegal number: ${args[0]}\n` };
    shell.exited = true;
    return { code: code & 255 };
  },
  echo: ({ args }) => {
    const bare = args[0] === "-n";
    return { out: args.slice(bare ? 1 : 0).join(" ") + (bare ? "" : "\n") };
  },
  printf: ({ args: [format, ...values] }) => {
    if (format === undefined) return { code: 2, err: "sh: 1: printf: usage: printf format [arg ...]\n" };
    const { text, notNumbers } = printf(format, values);
    const err = notNumbers.map((value) => `sh: 1: printf: ${value}: expected numeric value\n`).join("");
    return { code: notNumbers.length > 0 ? 1 : 0, out: text, err };
  },
  export: ({ args, shell }) => {
    for (const word of args.filter((arg) => arg.includes("="))) {
      shell.variables.set(word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1));
    }
    return {};
  },
  sh: startShell,
  dash: startShell,
  bash: startShell,
  command: async (call) => {
    const [option, ...names] = call.args;
    if (option !== "-v") return option?.startsWith("-") ? undefined : delegate(call, call.args);
    const found = names.filter((name) => isInstalled(call, name));
    return {
      code: found.length === names.length ? 0 : 127,
      out: found.map((name) => `${place(name)}\n`).join(""),
    };
  },
  exec: async (call) => {
    const answer = await delegate(call, call.args);
    call.shell.exited = call.args.length > 0;
    return answer;
  },
  env: (call) => {
    const first = call.args.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
    const name = call.args[first];
    return name === undefined || name.startsWith("-") ? undefined : delegate(call, call.args.slice(first));
  },
  sudo: (call) => {
    const words = call.args.slice(call.args.findIndex((arg) => arg !== "-n" && arg !== "--"));
    if (words[0] === undefined || words[0].startsWith("-")) return undefined;
    return delegate(call, words, { ...makeShell(call.shell), user: "root" });
  },
  timeout: (call) => (/^\d/.test(call.args[0] ?? "") ? delegate(call, call.args.slice(1)) : undefined),
};

async function delegate(call: Call, words: string[], shell: Shell = call.shell) {
  return { code: await runWords(shell, words, call.streams) };
}

function isInstalled(call: Call, name: string): boolean {
  if (name === "docker" && call.machine.kind === "guest")
    return call.machine.guest.inside.docker !== "absent";
  return call.shell.find(call.machine, name) !== undefined;
}

const builtins = [":", "true", "false", "exit", "echo", "printf", "export", "command", "exec", "test", "["];

function place(name: string): string {
  return name.startsWith("/") || builtins.includes(name) ? name : `/usr/bin/${name}`;
}

/** `sh`, `sh -s` and `sh -` read a script from their input; `sh -c TEXT` runs the text. */
async function startShell(call: Call) {
  const [option, text] = call.args;
  const shell = makeShell(call.shell);
  if (option === undefined || option === "-s" || option === "-")
    return { code: await runScript(shell, call.streams) };
  if (option !== "-c" || text === undefined) return undefined;
  if (call.machine.kind === "node") {
    if (printsSudoProbe(text)) return { out: call.shell.user === "root" ? "0\n" : "1\n" };
    const upload = uploadOf(text);
    const user = upload?.sudo ? "root" : shell.user;
    if (upload) return delegate(call, ["/usr/bin/tee", upload.target], { ...shell, user });
  }
  return { code: await runText(shell, text, call.streams) };
}
