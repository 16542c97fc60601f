import type { Duplex } from "node:stream";
import { readJsonLines, writeJsonLine } from "./json-lines.ts";

/** The QEMU agent of a running machine. */
export interface Agent {
  /** The agent in the guest has opened its port, or closed it. */
  setOpen(open: boolean): void;
  /**
   * Runs one command and returns what it returns.
   * @throws AgentError `not-running`; `timeout` without an answer in time; `refused` with the agent's own words
   */
  call(command: string, parameters?: Record<string, unknown>): Promise<unknown>;
}

export class AgentError extends Error {
  readonly code: "not-running" | "timeout" | "refused";

  constructor(code: AgentError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** As long as Proxmox waits for an agent's answer, in milliseconds (PVE::QMPClient, guest-* commands: 10 s). */
const patience = 10_000;

/** Speaks with the agent over a stream. One command at a time: its answers do not say what they answer. */
export function openAgent(stream: Duplex): Agent {
  let open = false;
  let last: Promise<unknown> = Promise.resolve();
  let number = Math.floor(Math.random() * 1_000_000);
  let receive: (message: Record<string, unknown>) => void = () => {};
  readJsonLines(stream, (message) => receive(message));

  /** The first answer that `wanted` takes; later ones to earlier questions are dropped. */
  const ask = (
    execute: string,
    parameters: Record<string, unknown> | undefined,
    wanted: (message: Record<string, unknown>) => boolean,
  ) => {
    const answer = Promise.withResolvers<Record<string, unknown>>();
    const timer = setTimeout(() => {
      answer.reject(new AgentError("timeout", `guest agent command '${execute}' failed - got timeout`));
    }, patience);
    receive = (message) => {
      if (wanted(message)) answer.resolve(message);
    };
    writeJsonLine(stream, { execute, ...(parameters && { arguments: parameters }) });
    return answer.promise.finally(() => clearTimeout(timer));
  };

  const perform = async (command: string, parameters?: Record<string, unknown>) => {
    if (!open) throw new AgentError("not-running", "QEMU guest agent is not running");
    const id = ++number;
    await ask("guest-sync", { id }, (message) => message.return === id);
    const message = await ask(command, parameters, () => true);
    if (!("error" in message)) return message.return;
    throw new AgentError("refused", (message.error as { desc?: string }).desc ?? "unknown error");
  };

  return {
    setOpen(now) {
      open = now;
    },
    call(command, parameters) {
      const result = last.then(() => perform(command, parameters));
      last = result.catch(() => undefined);
      return result;
    },
  };
}
