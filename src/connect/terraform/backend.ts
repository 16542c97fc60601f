import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../model/json.ts";
import { settingsIn, withoutComments } from "./hcl-settings.ts";

/** Where the state is kept. */
export interface Backend {
  /** `local`: in a file beside the configuration; `s3`, `http`, …, or `cloud`. */
  kind: string;
  /** What its block says, as far as it is literal; of nested maps `endpoints.s3`. */
  settings: Record<string, string>;
  /** The file that declares it; undefined where none does. */
  file: string | undefined;
}

/** What the configuration in a folder says; a local file where it says nothing. */
export function backendOf(directory: string): Backend {
  for (const name of readdirSync(directory).sort()) {
    const file = join(directory, name);
    const text = /\.(tf|tofu)(\.json)?$/.test(name) ? readFileSync(file, "utf8") : "";
    const found = name.endsWith(".json") ? inJson(readJson(text)) : inHcl(text);
    if (found !== undefined) return { ...found, file };
  }
  return { kind: "local", settings: {}, file: undefined };
}

type Found = Pick<Backend, "kind" | "settings">;

function inHcl(text: string): Found | undefined {
  const code = withoutComments(text);
  for (const block of code.matchAll(/^\s*terraform\s*\{/gm)) {
    const body = bodyOf(code, block.index + block[0].length);
    if (/^\s*cloud\s*\{/m.test(body)) return { kind: "cloud", settings: {} };
    const found = /(?:^|\s)backend\s+"([^"]+)"\s*\{/.exec(body);
    if (found?.[1] === undefined) continue;
    return { kind: found[1], settings: settingsIn(bodyOf(body, found.index + found[0].length)) };
  }
  return undefined;
}

/** What is between a brace and the one that closes it; `from` is the position behind the first. */
function bodyOf(code: string, from: number): string {
  let depth = 1;
  for (const token of code.slice(from).matchAll(/"(?:\\.|[^"\\\n])*"|[{}]/g)) {
    if (token[0] === "{") depth += 1;
    if (token[0] === "}") depth -= 1;
    if (depth === 0) return code.slice(from, from + token.index);
  }
  return code.slice(from);
}

function inJson(value: unknown): Found | undefined {
  for (const block of [property(value, "terraform")].flat()) {
    if (property(block, "cloud") !== undefined) return { kind: "cloud", settings: {} };
    for (const backend of [property(block, "backend")].flat()) {
      const [entry] = typeof backend === "object" && backend !== null ? Object.entries(backend) : [];
      if (entry !== undefined) return { kind: entry[0], settings: flat([entry[1]].flat()[0]) };
    }
  }
  return undefined;
}

function flat(value: unknown, path = ""): Record<string, string> {
  if (typeof value !== "object" || value === null) return path === "" ? {} : { [path]: String(value) };
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, inner]) => flat(inner, path === "" ? name : `${path}.${name}`)),
  );
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
