import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "./read-json.ts";

/** Where the state is kept: in a file beside the configuration, or elsewhere. */
export type Backend =
  | { kind: "local"; path: string | undefined }
  /** `s3`, `http`, …, or `cloud`. */
  | { kind: string; path?: undefined };

/** What the configuration in a folder says; a local file where it says nothing. */
export function backendOf(directory: string): Backend {
  for (const name of readdirSync(directory).sort()) {
    const text = /\.(tf|tofu)(\.json)?$/.test(name) ? readFileSync(join(directory, name), "utf8") : "";
    const found = name.endsWith(".json") ? inJson(readJson(text)) : inHcl(text);
    if (found !== undefined) return found;
  }
  return { kind: "local", path: undefined };
}

const comment = /("(?:\\.|[^"\\\n])*")|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

function inHcl(text: string): Backend | undefined {
  const code = text.replace(comment, (_, quoted: string | undefined) => quoted ?? "");
  for (const block of code.matchAll(/^\s*terraform\s*\{/gm)) {
    const body = code.slice(block.index + block[0].length, endOfBlock(code, block.index + block[0].length));
    if (/^\s*cloud\s*\{/m.test(body)) return { kind: "cloud" };
    const found = /(?:^|\s)backend\s+"([^"]+)"\s*\{([^{}]*)/.exec(body);
    if (found?.[1] === "local") {
      return { kind: "local", path: /(?:^|\s)path\s*=\s*"([^"]*)"/.exec(found[2] ?? "")?.[1] };
    }
    if (found?.[1] !== undefined) return { kind: found[1] };
  }
  return undefined;
}

/** The position of the brace that closes a block, from behind the one that opens it. */
function endOfBlock(code: string, from: number): number {
  let depth = 1;
  for (const token of code.slice(from).matchAll(/"(?:\\.|[^"\\\n])*"|[{}]/g)) {
    if (token[0] === "{") depth += 1;
    if (token[0] === "}") depth -= 1;
    if (depth === 0) return from + token.index;
  }
  return code.length;
}

function inJson(value: unknown): Backend | undefined {
  for (const block of [property(value, "terraform")].flat()) {
    if (property(block, "cloud") !== undefined) return { kind: "cloud" };
    for (const backend of [property(block, "backend")].flat()) {
      const [entry] = typeof backend === "object" && backend !== null ? Object.entries(backend) : [];
      if (entry === undefined) continue;
      const path = property([entry[1]].flat()[0], "path");
      if (entry[0] !== "local") return { kind: entry[0] };
      return { kind: "local", path: typeof path === "string" ? path : undefined };
    }
  }
  return undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
