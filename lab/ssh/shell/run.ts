import type { Answer, Call } from "../commands/command.ts";
import { asUser } from "../files/permissions.ts";
import { absolutePath, fileErrorReason } from "../files/tree.ts";
import { homeOf } from "../machine.ts";
import { expandWord, expandWords, type Substitute } from "./expand.ts";
import { parseShell } from "./parse.ts";
import { applyRedirects } from "./redirect.ts";
import type { Shell } from "./shell.ts";
import { bufferInput, type Streams } from "./streams.ts";
import type { Command, Item, List } from "./syntax.ts";

/** Runs shell text and gives its exit code. */
export async function runText(shell: Shell, text: string, streams: Streams): Promise<number> {
  const parsed = parseShell(text);
  if (parsed.kind === "list") return runList(shell, parsed.list, streams);
  const message = parsed.kind === "error" ? parsed.message : "end of file unexpected";
  return syntaxError(shell, text, message, streams);
}

/** Answers a script line by line as it arrives, until it ends or calls `exit`. */
export async function runScript(shell: Shell, streams: Streams): Promise<number> {
  let pending = "";
  for (;;) {
    const line = await streams.input.readLine();
    if (line === undefined) {
      return pending.trim() === ""
        ? shell.status
        : syntaxError(shell, pending, "end of file unexpected", streams);
    }
    const text = `${pending}${line}\n`;
    const parsed = parseShell(text);
    pending = parsed.kind === "incomplete" ? text : "";
    if (parsed.kind === "error") return syntaxError(shell, text, parsed.message, streams);
    if (parsed.kind === "list") await runList(shell, parsed.list, streams);
    if (shell.exited) return shell.status;
  }
}

function syntaxError(shell: Shell, text: string, message: string, streams: Streams): number {
  shell.record({ user: shell.user, command: text.trim(), known: false });
  streams.err(`sh: 1: Syntax error: ${message}\n`);
  shell.status = 2;
  return 2;
}

async function runList(shell: Shell, list: List, streams: Streams): Promise<number> {
  for (const item of list) {
    if (shell.exited) break;
    if (item.when === "success" && shell.status !== 0) continue;
    if (item.when === "failure" && shell.status === 0) continue;
    shell.status = await runPipeline(shell, item, streams);
  }
  return shell.status;
}

async function runPipeline(shell: Shell, item: Item, streams: Streams): Promise<number> {
  let input = streams.input;
  let code = 0;
  const alone = item.pipeline.length === 1;
  for (const [index, command] of item.pipeline.entries()) {
    const last = index === item.pipeline.length - 1;
    const piped: Buffer[] = [];
    const out = last ? streams.out : (data: string | Buffer) => void piped.push(Buffer.from(data));
    code = await runCommand(alone ? shell : subshell(shell), command, { input, out, err: streams.err });
    input = bufferInput(Buffer.concat(piped));
  }
  return item.negated ? Number(code === 0) : code;
}

/** A copy whose variables and `exit` stay its own. */
function subshell(shell: Shell): Shell {
  return { ...shell, variables: new Map(shell.variables) };
}

async function runCommand(shell: Shell, command: Command, outer: Streams): Promise<number> {
  const machine = shell.machine();
  if (machine === undefined) return 255;
  const home = homeOf(shell.user);
  const files = asUser(machine.files, shell.user, home);
  let substituted: number | undefined;
  const substitute: Substitute = async (list) => {
    const taken: Buffer[] = [];
    const out = (data: string | Buffer) => void taken.push(Buffer.from(data));
    substituted = await runList(subshell(shell), list, { ...outer, out });
    return Buffer.concat(taken).toString().replace(/\n+$/, "");
  };
  const redirected = await applyRedirects(command.redirects, outer, {
    read: (path) => files.read(absolutePath(path, home)),
    write: (path, content) => files.write(absolutePath(path, home), content),
    expand: (word) => expandWord(shell, word, substitute),
  });
  if (typeof redirected === "string") {
    outer.err(`sh: 1: ${redirected}\n`);
    return 2;
  }
  const { streams } = redirected;
  let code: number;
  if (command.kind === "group") {
    code = await runList(command.subshell ? subshell(shell) : shell, command.list, streams);
  } else {
    for (const { name, value } of command.assignments) {
      shell.variables.set(name, await expandWord(shell, value, substitute));
    }
    const words = await expandWords(shell, command.words, substitute);
    code = words.length > 0 ? await runWords(shell, words, streams) : (substituted ?? 0);
  }
  try {
    redirected.finish();
  } catch (error) {
    outer.err(`sh: 1: ${fileErrorReason(error)}\n`);
    return 2;
  }
  return code;
}

/** Runs one command given as its words. */
export async function runWords(shell: Shell, words: string[], streams: Streams): Promise<number> {
  const [name = "", ...args] = words;
  await shell.mayRun();
  const machine = shell.machine();
  if (machine === undefined) return 255;
  const home = homeOf(shell.user);
  const files = asUser(machine.files, shell.user, home);
  const call: Call = { name, args, machine, files, home, shell, streams };
  const known = shell.find(machine, name);
  const answer: Answer | undefined = await known?.run(call);
  if (!known?.silent) {
    shell.record({ user: shell.user, command: [name, ...args].join(" "), known: answer !== undefined });
  }
  if (answer === undefined) {
    streams.err(`sh: 1: ${name}: not found\n`);
    return 127;
  }
  if (answer.out !== undefined) streams.out(answer.out);
  if (answer.err !== undefined) streams.err(answer.err);
  return answer.code ?? 0;
}
