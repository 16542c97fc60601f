import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { portInUse } from "./port-in-use.ts";

async function listening(address: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, address, done));
  onTestFinished(() => void server.close());
  const taken = server.address();
  return typeof taken === "object" ? (taken?.port ?? 0) : 0;
}

test("a port is in use where a program listens, at that address or at all of them", async () => {
  const port = await listening("127.0.0.9");
  expect(await portInUse(port, "127.0.0.9")).toBe(true);
  expect(await portInUse(port, "")).toBe(true);
  expect(await portInUse(port, "127.0.0.8")).toBe(false);
});

test("a port that was asked about is free afterwards", async () => {
  const port = await listening("127.0.0.9");
  expect(await portInUse(port, "127.0.0.8")).toBe(false);
  expect(await portInUse(port, "127.0.0.8")).toBe(false);
});
