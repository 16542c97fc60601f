import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Agent, openAgent } from "./agent.ts";
import { readJsonLines, writeJsonLine } from "./json-lines.ts";

/** An agent over a socket, and what answers at its other end. */
async function pair(answer: (message: Record<string, unknown>, peer: Socket) => void): Promise<Agent> {
  const path = join(mkdtempSync(join(tmpdir(), "agent-")), "socket");
  const server = createServer((peer) => readJsonLines(peer, (message) => answer(message, peer))).listen(path);
  await once(server, "listening");
  const socket = connect(path);
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  const agent = openAgent(socket);
  agent.setOpen(true);
  return agent;
}

/** What the real one does: `guest-sync` gives back its number. */
function synced(message: Record<string, unknown>, peer: Socket): boolean {
  if (message.execute !== "guest-sync") return false;
  writeJsonLine(peer, { return: (message.arguments as { id: number }).id });
  return true;
}

test("each call gets its own answer, in turn; the agent's refusal is an error in its words", async () => {
  const agent = await pair((message, peer) => {
    if (synced(message, peer)) return;
    const known = message.execute !== "guest-nothing";
    writeJsonLine(
      peer,
      known
        ? { return: { asked: message.execute } }
        : { error: { class: "CommandNotFound", desc: "not found" } },
    );
  });
  const names = ["guest-ping", "guest-info", "guest-get-osinfo"];
  const answers = await Promise.all(names.map((name) => agent.call(name)));
  expect(answers).toEqual(names.map((name) => ({ asked: name })));
  await expect(agent.call("guest-nothing")).rejects.toMatchObject({ code: "refused", message: "not found" });
  expect(await agent.call("guest-ping")).toEqual({ asked: "guest-ping" });
});

test("an answer that comes late is not taken for the next one's", async () => {
  const agent = await pair((message, peer) => {
    if (message.execute === "guest-sync") writeJsonLine(peer, { return: { late: true } });
    if (!synced(message, peer)) writeJsonLine(peer, { return: "mine" });
  });
  expect(await agent.call("guest-ping")).toBe("mine");
});

test("an agent whose port is closed is not asked", async () => {
  const asked: unknown[] = [];
  const agent = await pair((message) => asked.push(message));
  agent.setOpen(false);
  await expect(agent.call("guest-ping")).rejects.toMatchObject({ code: "not-running" });
  expect(asked).toEqual([]);
});
