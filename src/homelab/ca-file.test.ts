import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { caFile } from "./ca-file.ts";
import { loadConfiguration } from "./configuration.ts";

let folder: string;
let pem: { private: string; public: string; cert: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ca-file-"));
  pem = await generate([{ name: "commonName", value: "test" }], { keyType: "ec" });
  writeFileSync(
    join(folder, "pve-home.yaml"),
    "proxmox: { tls: { ca_file: ca.pem } }\nstate: { ca_file: ca.pem }\nhealth: { services_ca_file: ca.pem }\n",
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

const read = (setting: Parameters<typeof caFile>[1]) => caFile(loadConfiguration(folder), setting);

function holding(content: string | Buffer): void {
  rmSync(join(folder, "ca.pem"), { recursive: true, force: true });
  writeFileSync(join(folder, "ca.pem"), content);
}

test("certificates in PEM are taken, with text between them and any line ends", () => {
  for (const content of [
    pem.cert,
    `subject=test\n${pem.cert}\n${pem.cert}`,
    pem.cert.replaceAll("\n", "\r\n"),
  ]) {
    holding(content);
    expect(read("proxmox.tls.ca_file")).toBe(join(folder, "ca.pem"));
    expect(read("state.ca_file")).toBe(join(folder, "ca.pem"));
    expect(read("health.services_ca_file")).toBe(join(folder, "ca.pem"));
  }
});

const broken: [string, () => string | Buffer, string][] = [
  ["nothing", () => " \n", "it is empty"],
  ["text", () => "hello", "no PEM certificate"],
  ["a private key", () => pem.private, "private key, and no certificate"],
  ["a public key", () => pem.public, "public key, and no certificate"],
  ["half a certificate", () => pem.cert.slice(0, 200), "no certificate"],
  [
    "a certificate and a damaged one",
    () => pem.cert + pem.cert.replace(/\n[\w+/]{20}/, "\n"),
    "certificate 2 of 2",
  ],
  ["DER", () => new X509Certificate(pem.cert).raw, "must be PEM"],
];

test.each(broken)("a file with %s is refused with its path", (_, content, why) => {
  holding(content());
  for (const [setting, code] of [
    ["proxmox.tls.ca_file", "proxmox-ca-file"],
    ["state.ca_file", "s3-ca-file"],
  ] as const) {
    expect(() => read(setting)).toThrow(
      expect.objectContaining({
        kind: "configuration",
        code,
        message: expect.stringMatching(new RegExp(`${join(folder, "ca.pem")}.*${why}`)),
        place: expect.stringContaining(setting),
      }),
    );
  }
});

test("so is a folder, and a file that is not there", () => {
  rmSync(join(folder, "ca.pem"), { recursive: true, force: true });
  expect(() => read("state.ca_file")).toThrow("no such file");
  mkdirSync(join(folder, "ca.pem"));
  expect(() => read("state.ca_file")).toThrow("no regular file");
});
