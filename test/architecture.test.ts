import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

// The arrows of CONTRIBUTING.md, held: model ← report, connect, plan ← homelab ← features ← cli. A mistake names file and import.

const root = resolve(import.meta.dirname, "..");
const features = ["health", "drift", "state", "apply", "deploy", "stack", "lifecycle", "backup"];

interface Import {
  file: string;
  /** Path from the root for our own files, else the package's name. */
  target: string;
  lazy: boolean;
  typeOnly: boolean;
}

const sources = ["src", "lab", "tools", "monitoring"].flatMap((folder) => files(folder));
const shipped = sources.filter((file) => !/\.test(-script)?\.ts$/.test(file));
const imports = sources.flatMap(importsOf);

function files(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
      .map((name) => join(folder, name))
      .sort();
  } catch {
    return [];
  }
}

function importsOf(file: string): Import[] {
  const text = read(file);
  const pattern =
    /^(?:import|export)\s+(type\s)?[^"';]*?from\s*"([^"]+)"|^import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? match[4] ?? "";
    const own = specifier.startsWith(".");
    return {
      file,
      target: own ? relative(root, resolve(root, dirname(file), specifier)) : specifier,
      lazy: match[4] !== undefined,
      typeOnly: match[1] !== undefined,
    };
  });
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

const layerOf = (path: string) =>
  path
    .split("/")
    .slice(0, path.startsWith("src/") ? 2 : 1)
    .join("/");
const isOwn = (target: string) => /^(src|lab|tools|monitoring|test)\//.test(target);

/** What each part may import besides itself. */
const allowed: Record<string, string[]> = {
  "src/model": [],
  "src/report": ["src/model"],
  "src/connect": ["src/model"],
  "src/plan": ["src/model"],
  "src/homelab": ["src/model", "src/connect", "src/plan"],
  ...Object.fromEntries(
    features.map((name) => [`src/${name}`, ["src/model", "src/connect", "src/plan", "src/homelab"]]),
  ),
  "src/cli": [
    "src/model",
    "src/connect",
    "src/plan",
    "src/homelab",
    "src/report",
    ...features.map((name) => `src/${name}`),
  ],
  lab: [],
  tools: [],
  monitoring: ["src/model"],
};

describe("arrows", () => {
  test("every folder of src is known", () => {
    const layers = new Set(sources.map(layerOf));
    expect([...layers].filter((layer) => allowed[layer] === undefined)).toEqual([]);
  });

  test("no part imports what it must not know", () => {
    const wrong = imports.filter(({ file, target }) => {
      if (!isOwn(target) || file.endsWith(".test.ts")) return false;
      const [from, to] = [layerOf(file), layerOf(target)];
      if (/^src\/cli\/lab-(guest|problem|run|stack|text|up)\.ts$/.test(file) && to === "lab") return false;
      return from !== to && !allowed[from]?.includes(to);
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test("commands import their features only when they run", () => {
    const eager = imports.filter(
      ({ file, target, lazy, typeOnly }) =>
        /^src\/cli\/(main|commands|health|drift|plan|apply|hosts|lab|names|stack|state)\.ts$/.test(file) &&
        isOwn(target) &&
        !lazy &&
        !typeOnly &&
        !/^src\/(cli|model\/problem)/.test(target),
    );
    expect(eager.map(({ file, target }) => `${file} imports ${target} at start`)).toEqual([]);
  });

  test("packages that are slow to load are loaded when they are needed", () => {
    const eager = imports.filter(({ target, lazy, typeOnly }) => target === "undici" && !lazy && !typeOnly);
    expect(eager.map(({ file, target }) => `${file} imports ${target} at start`)).toEqual([]);
  });

  test("no file imports itself by a detour", () => {
    const graph = Map.groupBy(
      imports.filter(({ target, lazy, typeOnly }) => isOwn(target) && !lazy && !typeOnly),
      ({ file }) => file,
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]) => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      if (done.has(file) || path.includes(file)) return;
      for (const { target } of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });
});

describe("habits", () => {
  test("only the command line speaks to the process and the console", () => {
    const wrong = shipped.filter(
      (file) =>
        file.startsWith("src/") &&
        !file.startsWith("src/cli/") &&
        /\bconsole\.|\bprocess\.(exit|exitCode|argv|stdout|stderr|stdin|cwd)\b/.test(read(file)),
    );
    expect(wrong).toEqual([]);
  });

  test("what is printed has one way out, and what is written another", () => {
    const ways = {
      // The gate: `terminalText`, and `outgoing` for text in files.
      "src/cli/io.ts": /\bconsole\.|\bprocess\.(stdout|stderr)\.write\b/,
      "src/connect/files.ts":
        /\b(writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|writeSync)\b/,
    };
    const others = [
      // For a program that we start, in a private folder that goes with it.
      "src/connect/ssh/client.ts",
      "src/connect/terraform/evaluate.ts",
      "src/connect/terraform/import.ts",
      "src/connect/terraform/imported-state.ts",
      "src/connect/terraform/workspace.ts",
      // A lock is linked to its place, never renamed.
      "src/connect/run-lock.ts",
    ];
    const wrong = Object.entries(ways).flatMap(([way, pattern]) =>
      shipped.filter(
        (file) =>
          file.startsWith("src/") &&
          file !== way &&
          !others.includes(file) &&
          !file.includes("test-helper") &&
          pattern.test(read(file)),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test("host keys are always checked", () => {
    const wrong = shipped.filter((file) =>
      /StrictHostKeyChecking[ =]+["']?(no|off|accept-new)\b/i.test(read(file)),
    );
    expect(wrong).toEqual([]);
  });

  test("files stay short enough to be read in one go", () => {
    const long = sources
      .map((file) => ({ file, lines: read(file).split("\n").length }))
      .filter(({ file, lines }) => lines > (file.endsWith(".test.ts") ? 400 : 250));
    expect(long).toEqual([]);
  });

  test("names are kebab-case and exports are named", () => {
    expect(sources.filter((file) => !/^[a-z0-9/.-]+$/.test(file))).toEqual([]);
    expect(shipped.filter((file) => /^export default/m.test(read(file)))).toEqual([]);
  });

  test("each runtime dependency has its reason, and there are fewer than fifteen", () => {
    const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(read("package.json"));
    const reasons = read("docs/adr/0002-dependencies.md");
    expect(Object.keys(dependencies).length).toBeLessThan(15);
    expect(Object.keys(dependencies).filter((name) => !reasons.includes(`\`${name}\``))).toEqual([]);
  });

  test("runtime code imports only what is declared", () => {
    const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(read("package.json"));
    const undeclared = imports.filter(
      ({ file, target }) =>
        /^(src|lab)\//.test(file) &&
        !/\.test(-helper)?\.ts$/.test(file) &&
        !isOwn(target) &&
        !target.startsWith("node:") &&
        !target.endsWith("package.json") &&
        !Object.keys(dependencies).some((name) => target === name || target.startsWith(`${name}/`)),
    );
    expect(undeclared.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });
});
