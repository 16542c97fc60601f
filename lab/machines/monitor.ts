import type { Duplex } from "node:stream";
import { readJsonLines, writeJsonLine } from "./json-lines.ts";

/** QEMU's control channel (QMP). Commands wait for each other; without an answer they wait for the process's end. */
export interface Monitor {
  run(command: string): Promise<void>;
}

/** `agent` hears when the agent in the guest opens its port, and when it closes it (event VSERPORT_CHANGE). */
export function openMonitor(stream: Duplex, agent: (open: boolean) => void): Monitor {
  const waiting: PromiseWithResolvers<void>[] = [];
  const run = (command: string) => {
    const answer = Promise.withResolvers<void>();
    waiting.push(answer);
    writeJsonLine(stream, { execute: command });
    return answer.promise;
  };
  readJsonLines(stream, (message) => {
    if (message.event === "VSERPORT_CHANGE") {
      agent((message.data as { open?: boolean } | undefined)?.open === true);
    } else if ("return" in message) waiting.shift()?.resolve();
    else if ("error" in message) {
      const { desc = "QMP error" } = message.error as { desc?: string };
      waiting.shift()?.reject(new Error(desc));
    }
  });
  stream.on("close", () => {
    for (const answer of waiting.splice(0)) answer.resolve();
  });
  void run("qmp_capabilities");
  return { run };
}
