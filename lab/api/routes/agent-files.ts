import { guestName } from "../../guest.ts";
import type { Agent } from "../../machines/agent.ts";
import { toStored } from "../../ssh/files/tree.ts";
import type { Guest } from "../../world.ts";
import { failure, parameterError } from "../errors.ts";
import type { Call, Route } from "../route.ts";
import { agentBase, answering, realAgent } from "./agent-guest.ts";

/** Bytes that one `guest-file-read` asks for (PVE::API2::Qemu::Agent, 1 MiB), and the most that a call returns. */
const readChunk = 1024 ** 2;
const readLimit = 16 * 1024 ** 2;
/** Characters that `file-write` takes (PVE::API2::Qemu::Agent, maxLength). */
const writeLimit = 60 * 1024;

/** Files of a VM through its agent. Source: PVE::API2::Qemu::Agent. */
export const agentFileRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${agentBase}/file-read`,
    permission: { at: "/vms/{vmid}", any: ["VM.GuestAgent.FileRead", "VM.GuestAgent.Unrestricted"] },
    handle(call) {
      const guest = answering(call);
      const file = call.input.required("file");
      const ask = realAgent(call, guest);
      return ask ? readFile(ask, file) : fileOf(guest, file);
    },
  },
  {
    method: "POST",
    path: `${agentBase}/file-write`,
    permission: { at: "/vms/{vmid}", any: ["VM.GuestAgent.FileWrite", "VM.GuestAgent.Unrestricted"] },
    async handle(call) {
      const guest = answering(call);
      const file = call.input.required("file");
      const content = contentOf(call);
      const ask = realAgent(call, guest);
      if (ask) return writeFile(ask, file, content);
      guest.inside.files[file] = toStored(content);
      await call.lab.changed();
    },
  },
];

/** With `encode` off the caller has encoded the content already. */
function contentOf({ input }: Call): Buffer {
  const content = input.required("content");
  if (content.length > writeLimit) {
    throw parameterError({ content: `value may only be ${writeLimit} characters long` });
  }
  return Buffer.from(content, input.flag("encode") === false ? "base64" : "utf8");
}

async function withFile<T>(
  ask: Agent["call"],
  path: string,
  mode: "r" | "w",
  work: (handle: unknown) => Promise<T>,
): Promise<T> {
  const handle = await ask("guest-file-open", { path, mode });
  try {
    return await work(handle);
  } finally {
    await ask("guest-file-close", { handle });
  }
}

function readFile(ask: Agent["call"], path: string): Promise<unknown> {
  return withFile(ask, path, "r", async (handle) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let ended = false;
    while (!ended && bytes < readLimit) {
      const answer = await ask("guest-file-read", { handle, count: readChunk });
      const { "buf-b64": text = "", eof } = answer as { "buf-b64"?: string; eof?: boolean };
      const chunk = Buffer.from(text, "base64");
      chunks.push(chunk);
      bytes += chunk.length;
      ended = eof === true || chunk.length === 0;
    }
    return answered(Buffer.concat(chunks), !ended);
  });
}

function writeFile(ask: Agent["call"], path: string, content: Buffer): Promise<void> {
  return withFile(ask, path, "w", async (handle) => {
    await ask("guest-file-write", { handle, "buf-b64": content.toString("base64") });
  });
}

// {content, truncated?} directly in data, as file-read returns it.
function answered(content: Buffer, truncated: boolean): Record<string, unknown> {
  return { content: content.toString("utf8"), "bytes-read": content.length, truncated: truncated ? 1 : 0 };
}

function fileOf(guest: Guest, file: string): Record<string, unknown> {
  const content = guestFile(guest, file);
  if (content === undefined) {
    throw failure(`Agent error: failed to open file '${file}' (mode: 'r'): No such file or directory`);
  }
  return answered(Buffer.from(content), false);
}

function guestFile(guest: Guest, file: string): string | undefined {
  if (file === "/etc/ssh/ssh_host_ed25519_key.pub") {
    return `${guest.inside.hostKey.publicKey} root@${guestName(guest)}\n`;
  }
  if (file === "/etc/hostname") return `${guestName(guest)}\n`;
  return guest.inside.files[file];
}
