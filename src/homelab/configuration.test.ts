import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { Problem } from "../model/problem.ts";
import { chooseEnvironments, loadConfiguration, readSettings, withAlternatives } from "./configuration.ts";
import { parseText, readDocument } from "./document.ts";
import { settingsSchema } from "./settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pve-home-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string, name = "pve-home.yaml"): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function problemOf(action: () => unknown): Problem {
  try {
    action();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const environment = (name: string) => join(folder, "infrastructure/proxmox/environments", name);

function checkout(...environments: string[]): void {
  for (const name of environments) {
    const directory = environment(name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "main.tf"), "");
  }
}

describe("finding", () => {
  test("the file is found from a folder below", () => {
    write("environments: { prod: {} }");
    mkdirSync(join(folder, "a/b"), { recursive: true });
    const found = loadConfiguration(join(folder, "a/b"));
    expect(found.file).toBe(join(folder, "pve-home.yaml"));
    expect(found.environmentNames).toEqual(["prod"]);
  });

  test("without a file the checkout's folders are the environments, from anywhere inside it", () => {
    checkout("prod", "lab");
    const found = loadConfiguration(join(folder, "infrastructure/proxmox"));
    expect(found).toMatchObject({ file: undefined, folder, environmentNames: ["lab", "prod"] });
    expect(found.settings.health.timeout).toBe(10);
  });

  test("a file that was named must be there", () => {
    expect(problemOf(() => loadConfiguration(folder, "missing.yaml"))).toMatchObject({
      kind: "configuration",
      code: "file-unreadable",
      message: expect.stringContaining("missing.yaml"),
    });
  });
});

describe("mistakes name file, line, key, value and a legal example", () => {
  const cases: [what: string, text: string, line: number, message: RegExp, hint: RegExp][] = [
    [
      "a wrong type",
      "health:\n  timeout: soon\n",
      2,
      /health\.timeout: expected number, got "soon"/,
      /timeout: 10/,
    ],
    [
      "a value out of range",
      "ssh:\n  concurrency: 0\n",
      2,
      /ssh\.concurrency: .*1.*got 0/,
      /concurrency: 32/,
    ],
    [
      "an unknown setting",
      "\nhealth:\n  timeuot: 3\n",
      3,
      /health\.timeuot: nothing of that name/,
      /timeout/,
    ],
    [
      "a word that is not in the list",
      "environments:\n  prod:\n    tool: terrafrom\n",
      3,
      /terraform or tofu, got "terrafrom"/,
      /tool: "terraform"/,
    ],
    [
      "a secret instead of a reference",
      "proxmox:\n  api_token: root@pam!x\n",
      2,
      /env:NAME, file:PATH or cmd:COMMAND/,
      /file:/,
    ],
    ["a plain http endpoint", "proxmox:\n  endpoint: http://pve:8006\n", 2, /https/, /https:\/\/192/],
    [
      "one endpoint and several",
      "proxmox:\n  endpoint: https://a:8006\n  endpoints: [https://b:8006]\n",
      3,
      /proxmox\.endpoints: expected endpoint or endpoints, not both/,
      /endpoints: \["https:/,
    ],
    [
      "no endpoint in the list",
      "proxmox:\n  endpoints: []\n",
      2,
      /proxmox\.endpoints/,
      /endpoints: \["https:/,
    ],
    [
      "a plain http endpoint in the list",
      "proxmox:\n  endpoints: [https://a:8006, http://b:8006]\n",
      2,
      /proxmox\.endpoints\[1\]: expected an https/,
      /https:\/\/192/,
    ],
    [
      "a rule without a reason",
      "drift:\n  noise:\n    - resource: a\n      expires: 2027-01-01\n",
      3,
      /drift\.noise\[0\]\.reason/,
      /reason/,
    ],
    ["a list where a map belongs", "- a\n", 1, /the document: expected object/, /./],
  ];

  test.each(cases)("%s", (_what, text, line, message, hint) => {
    const file = write(text);
    const problem = problemOf(() => loadConfiguration(folder));
    expect(problem).toMatchObject({ kind: "configuration", code: "file-invalid", place: `${file}:${line}` });
    expect(problem.message).toMatch(message);
    expect(problem.hint).toMatch(hint);
  });

  test("broken YAML", () => {
    const file = write("health:\n  timeout: [1\nssh: {}\n");
    expect(problemOf(() => loadConfiguration(folder))).toMatchObject({
      code: "file-malformed",
      place: expect.stringMatching(new RegExp(`^${file}:\\d$`)),
    });
  });
});

test("what a feature reads by its own schema is told of in the same way", () => {
  const checks = z.strictObject({ disk: z.strictObject({ warn: z.number().default(80) }).prefault({}) });
  const schema = z.looseObject({ health: z.looseObject({ checks: checks.prefault({}) }).prefault({}) });
  expect(readSettings(loadConfiguration(folder), schema).health.checks).toEqual({ disk: { warn: 80 } });
  const file = write("health:\n  timeout: 5\n  checks:\n    disk:\n      warn: full\n");
  expect(problemOf(() => readSettings(loadConfiguration(folder), schema))).toMatchObject({
    kind: "configuration",
    code: "file-invalid",
    place: `${file}:5`,
    message: 'health.checks.disk.warn: expected number, got "full"',
  });
  write("health: { checks: { dsik: {} } }");
  expect(problemOf(() => readSettings(loadConfiguration(folder), schema))).toMatchObject({
    message: expect.stringContaining("health.checks.dsik"),
  });
});

test("the example file is legal and shows every setting", () => {
  const file = join(import.meta.dirname, "../../pve-home.example.yaml");
  const schema = z.toJSONSchema(settingsSchema, { io: "input" });
  expect(unshown(schema, readDocument(file, settingsSchema))).toEqual([".proxmox.endpoints"]);
  const all = withAlternatives(readFileSync(file, "utf8"));
  expect(unshown(schema, parseText(file, all, z.unknown()))).toEqual([]);
  const other = all.replace(/^ *endpoint: https:.*8006.*$/m, "");
  expect(unshown(schema, parseText(file, other, settingsSchema))).toEqual([".proxmox.endpoint"]);
});

/** Dotted names of the settings in a JSON Schema that a document does not have. */
function unshown(schema: z.core.JSONSchema.BaseSchema, value: unknown, path = ""): string[] {
  if (value === undefined) return [path];
  if (value === null || typeof value !== "object") return [];
  const below = (child: unknown, part: unknown, name: string) =>
    typeof child === "object" && child !== null
      ? unshown(child as z.core.JSONSchema.BaseSchema, part, `${path}.${name}`)
      : [];
  if (Array.isArray(value)) return value.flatMap((item) => below(schema.items, item, "0"));
  const entries = Object.entries(value);
  if (schema.properties === undefined) {
    return entries.flatMap(([, child]) => below(schema.additionalProperties, child, "*"));
  }
  return Object.entries(schema.properties).flatMap(([name, child]) =>
    below(child, entries.find(([key]) => key === name)?.[1], name),
  );
}

describe("choosing environments", () => {
  test.each([
    ["neither", { env: [], all: false }, "environment-missing"],
    ["both", { env: ["prod"], all: true }, "environment-missing"],
    ["an unknown one", { env: ["prdo"], all: false }, "environment-unknown"],
  ])("%s is refused, naming what there is", (_what, asked, code) => {
    checkout("prod", "lab");
    const problem = problemOf(() => chooseEnvironments(loadConfiguration(folder), asked));
    expect(problem).toMatchObject({ kind: "usage", code });
    expect(`${problem.message} ${problem.hint}`).toMatch(/lab.*prod/);
  });

  test("several and all", () => {
    checkout("prod", "lab", "dmz");
    const configuration = loadConfiguration(folder);
    expect(chooseEnvironments(configuration, { env: ["prod", "dmz"], all: false })).toEqual(["dmz", "prod"]);
    expect(chooseEnvironments(configuration, { env: [], all: true })).toEqual(["dmz", "lab", "prod"]);
  });

  test("all are those that were set up; those of a fresh checkout can still be named", () => {
    checkout("prod", "lab", "dmz");
    for (const name of ["prod", "lab"])
      writeFileSync(join(environment(name), "terraform.tfvars.example"), "");
    writeFileSync(join(environment("prod"), "terraform.tfvars"), "");
    const configuration = loadConfiguration(folder);
    expect(configuration.notSetUp).toEqual(["lab"]);
    expect(chooseEnvironments(configuration, { env: [], all: true })).toEqual(["dmz", "prod"]);
    expect(chooseEnvironments(configuration, { env: ["lab"], all: false })).toEqual(["lab"]);
  });

  test.each(["terraform.tfvars.json", "x.auto.tfvars", "terraform.tfstate", ".terraform", "backend.tf"])(
    "an environment with %s is set up",
    (file) => {
      checkout("prod");
      writeFileSync(join(environment("prod"), "terraform.tfvars.example"), "");
      expect(loadConfiguration(folder).notSetUp).toEqual(["prod"]);
      writeFileSync(join(environment("prod"), file), "");
      expect(loadConfiguration(folder).notSetUp).toEqual([]);
    },
  );

  test("where none is set up, all of them say what they lack", () => {
    checkout("prod", "lab");
    for (const name of ["prod", "lab"])
      writeFileSync(join(environment(name), "terraform.tfvars.example"), "");
    expect(chooseEnvironments(loadConfiguration(folder), { env: [], all: true })).toEqual(["lab", "prod"]);
  });

  test("no environment anywhere says how to go on", () => {
    expect(
      problemOf(() => chooseEnvironments(loadConfiguration(folder), { env: [], all: true })),
    ).toMatchObject({
      code: "no-environments",
      hint: expect.stringContaining("--config"),
    });
  });
});
