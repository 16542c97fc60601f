import { ApiError, parameterError } from "./errors.ts";

/** The parameters of one call: query and body together, as Proxmox treats them. */
export interface Input {
  /** The value, or undefined where it was not sent. Repeated keys: the last. */
  text(name: string): string | undefined;
  /** The value; 400 where it is missing. */
  required(name: string): string;
  /** Whole number; 400 where it is none. */
  int(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  /** Repeated keys and separated lists alike, empty entries dropped. */
  list(name: string): string[];
  /** Every name with its values, in the order sent. */
  entries(): [string, string[]][];
  /** The file part of an upload. */
  readonly file?: UploadedFile | undefined;
}

export interface UploadedFile {
  name: string;
  bytes: Uint8Array;
}

/** Wraps what was parsed from query and body. */
function inputFrom(values: Map<string, string[]>, file?: UploadedFile): Input {
  const text = (name: string): string | undefined => values.get(name)?.at(-1);
  return {
    text,
    required(name) {
      const value = text(name);
      if (value === undefined) {
        throw parameterError({ [name]: "property is missing and it is not optional" });
      }
      return value;
    },
    int(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (!/^-?\d+$/.test(value)) {
        throw parameterError({ [name]: `type check ('integer') failed - got '${value}'` });
      }
      return Number(value);
    },
    flag(name) {
      const value = text(name);
      return value === undefined ? undefined : isTrue(value);
    },
    list: (name) => (values.get(name) ?? []).flatMap((value) => value.split(/[\0,; ]+/)).filter(Boolean),
    entries: () => [...values.entries()],
    file,
  };
}

/** How PVE::JSONSchema reads a boolean. */
function isTrue(value: string): boolean {
  return /^(1|on|yes|true)$/i.test(value);
}

/**
 * Reads query and body. Bodies: form, JSON object, multipart; no body and no content type is fine.
 * @throws ApiError 400 for a body that is none of these.
 */
export async function readInput(query: URLSearchParams, contentType: string, body: Buffer): Promise<Input> {
  const values = new Map<string, string[]>();
  const add = (name: string, value: string) => {
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  };
  for (const [name, value] of query) add(name, value);
  if (body.length === 0) return inputFrom(values);
  if (contentType.startsWith("multipart/form-data")) {
    return inputFrom(values, await readMultipart(contentType, body, add));
  }
  if (contentType.startsWith("application/json")) readJson(body, add);
  else for (const [name, value] of new URLSearchParams(body.toString("utf8"))) add(name, value);
  return inputFrom(values);
}

async function readMultipart(
  contentType: string,
  body: Buffer,
  add: (name: string, value: string) => void,
): Promise<UploadedFile | undefined> {
  let file: UploadedFile | undefined;
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } })
    .formData()
    .catch(() => {
      throw new ApiError(400, "malformed multipart body");
    });
  for (const [name, value] of form) {
    if (typeof value === "string") add(name, value);
    else file = { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) };
  }
  return file;
}

function readJson(body: Buffer, add: (name: string, value: string) => void): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw new ApiError(400, "malformed JSON string");
  }
  for (const [name, value] of Object.entries(parsed ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) {
      add(name, typeof item === "boolean" ? (item ? "1" : "0") : String(item));
    }
  }
}
