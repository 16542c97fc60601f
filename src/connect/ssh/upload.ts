import { randomBytes } from "node:crypto";
import { posix } from "node:path";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { RunOptions, SshSession } from "./types.ts";

export interface UploadedFile {
  /** Absolute; its folder must exist. */
  path: string;
  content: string | Uint8Array | Secret;
  /** `0o600` */
  mode: number;
  /** `USER` or `USER:GROUP`, by name or number. */
  owner: string;
}

export interface UploadOptions extends Pick<RunOptions, "timeoutMs"> {
  /** Gets a line for each file that has arrived. */
  log?: (line: string) => void;
}

/** Of all files together: the shell there holds them in memory. */
const maxBytes = 16 * 1024 * 1024;
const endOfFile = "end-of-file";

// dash, bash and busybox; `sudo` reads nothing of what follows.
const rootShell = `sh -c '[ "$(id -u)" = 0 ] && exec sh; exec sudo -n sh'`;

/**
 * Writes files as root, over one connection: all of them under temporary names beside their places, with mode and owner,
 * and once each is there they are renamed. A connection that is lost before that changes nothing. The content goes over
 * stdin. Fails as `run` does, and with Problem `ssh-upload`, which says how many files were replaced.
 */
export async function upload(
  session: SshSession,
  files: readonly UploadedFile[],
  options: UploadOptions,
): Promise<void> {
  const contents = files.map(({ content }) => bytesOf(content));
  refuseUnfit(files, contents);
  const name = `${session.target.user}@${session.target.host}`;
  let replaced = 0;
  const result = await session.run(rootShell, {
    stdin: scriptFor(files, contents),
    timeoutMs: options.timeoutMs,
    onLine: (line) => {
      const [what, index] = line.split(" ");
      if (what === "replaced") replaced += 1;
      if (what === "arrived") {
        options.log?.(
          `${name}: ${files[Number(index)]?.path} has arrived (${Number(index) + 1} of ${files.length})`,
        );
      }
    },
  });
  if (result.exitCode === 0 && replaced === files.length) return;
  const why = result.stderr.trim().split("\n").at(-1) || `exit code ${result.exitCode}`;
  throw new Problem({
    kind: "undetermined",
    code: "ssh-upload",
    message: `${name}: ${replaced} of ${files.length} files were replaced: ${why}`,
    hint: /^sudo: |sudo: .*not found/.test(why)
      ? `${session.target.user} needs sudo without a password there`
      : "what it says must be mended on the guest; uploading again is safe",
  });
}

function bytesOf(content: UploadedFile["content"]): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === "string" ? content : content.reveal());
}

/** What the script cannot carry is a mistake of the caller. */
function refuseUnfit(files: readonly UploadedFile[], contents: readonly Uint8Array[]): void {
  const bytes = contents.reduce((sum, { length }) => sum + length, 0);
  const unfit = files.find(
    ({ path, owner, mode }) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a path with one of them is refused.
      !/^\/[^\x00-\x1f\x7f]*[^/\x00-\x1f\x7f]$/.test(path) ||
      !/^[\w.][\w.-]*(:[\w.][\w.-]*)?$/.test(owner) ||
      !(mode >= 0 && mode <= 0o7777),
  );
  if (unfit === undefined && bytes <= maxBytes) return;
  const why =
    unfit === undefined ? `${bytes} bytes, more than ${maxBytes}` : `${unfit.path}, owner ${unfit.owner}`;
  throw new Problem({ kind: "bug", code: "ssh-upload-files", message: `cannot be uploaded: ${why}` });
}

/** One group: a shell whose input ends in the middle of it runs nothing. */
function scriptFor(files: readonly UploadedFile[], contents: readonly Uint8Array[]): string {
  const suffix = `pve-home-${randomBytes(8).toString("hex")}`;
  const indexes = [...files.keys()];
  const names = files.flatMap(({ path }, index) => {
    const temporary = posix.join(posix.dirname(path), `.${posix.basename(path)}.${suffix}`);
    return [`f${index}=${quoted(path)}`, `t${index}=${quoted(temporary)}`];
  });
  const removeTemporary = `rm -f ${indexes.map((index) => `"$t${index}"`).join(" ")}`;
  const arrivals = files.flatMap(({ mode, owner }, index) => {
    const content = contents[index] ?? new Uint8Array();
    return [
      `[ ! -d "$f${index}" ] || { echo "$f${index} is a folder" >&2; exit 1; }`,
      `base64 -d >"$t${index}" <<'${endOfFile}'`,
      ...inLines(Buffer.from(content).toString("base64")),
      endOfFile,
      `[ "$(wc -c <"$t${index}")" -eq ${content.length} ] || { echo "$f${index} arrived in part" >&2; exit 1; }`,
      `chown ${quoted(owner)} "$t${index}"`,
      `chmod ${mode.toString(8).padStart(4, "0")} "$t${index}"`,
      `echo arrived ${index}`,
    ];
  });
  const renames = indexes.map((index) => `mv -f "$t${index}" "$f${index}"; echo replaced ${index}`);
  const lines = [
    "{",
    "set -eu; umask 077",
    ...names,
    `trap '${removeTemporary}' EXIT`,
    ...arrivals,
    ...renames,
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/** As `base64` itself writes it; `=` is in none of the end marks. */
function inLines(text: string): string[] {
  return text.match(/.{1,76}/g) ?? [];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
