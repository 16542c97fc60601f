import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, connect as tlsConnect } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { placeCertificates } from "./certificates.ts";

const paths = { ca: "traefik/certs/ca.crt", cert: "traefik/certs/stack.crt", key: "traefik/certs/stack.key" };
const names = ["grafana.home.lan", "traefik.home.lan"];
const dayMs = 86_400_000;

function stack() {
  const folder = mkdtempSync(join(tmpdir(), "pve-home-stack-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const read = (path: string) => readFileSync(join(folder, path), "utf8");
  return {
    folder,
    read,
    place: (days: number, wanted: readonly string[] = names) =>
      placeCertificates(
        folder,
        { ...paths, names: [...wanted], reload: null },
        { owner: "0:0", now: Date.now() + days * dayMs },
      ),
  };
}

test("a client that trusts the authority alone accepts each of the names", async () => {
  const { place, read, folder } = stack();
  expect(await place(0)).toBe(true);
  const server = createServer({ cert: read(paths.cert), key: read(paths.key) }, (socket) => socket.end());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const accepted = (servername: string) =>
    new Promise<boolean | string>((resolve) => {
      const socket = tlsConnect({ host: "127.0.0.1", port, servername, ca: read(paths.ca) }, () => {
        resolve(socket.authorized);
        socket.destroy();
      });
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    });
  expect(await Promise.all([...names, "other.home.lan"].map(accepted))).toEqual([
    true,
    true,
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ]);
  for (const secret of [paths.key, "ca.key"]) {
    expect(statSync(join(folder, secret)).mode & 0o777).toBe(0o600);
  }
});

test("they are kept until 30 days before their end; the authority outlives many certificates", async () => {
  const { place, read } = stack();
  await place(0);
  const [authority, first] = [read(paths.ca), read(paths.cert)];
  expect(await place(300)).toBe(false);
  expect(read(paths.cert)).toBe(first);
  expect(await place(380)).toBe(true);
  expect(read(paths.cert)).not.toBe(first);
  expect(read(paths.ca)).toBe(authority);
  expect(await place(10 * 365 - 29)).toBe(true);
  expect(read(paths.ca)).not.toBe(authority);
  expect(new X509Certificate(read(paths.cert)).verify(new X509Certificate(read(paths.ca)).publicKey)).toBe(
    true,
  );
});

test("another name needs another certificate, one less does not", async () => {
  const { place, read } = stack();
  await place(0);
  expect(await place(0, ["grafana.home.lan"])).toBe(false);
  expect(await place(0, [...names, "wiki.home.lan"])).toBe(true);
  expect(new X509Certificate(read(paths.cert)).checkHost("wiki.home.lan")).toBe("wiki.home.lan");
});
