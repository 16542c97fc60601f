import { resolve } from "node:path";
import { Problem } from "../../model/problem.ts";
import { grantHint, lacked, missingPrivileges } from "../proxmox/missing-privilege.ts";
import { titleOf } from "./command.ts";
import { type Diagnostic, errorsIn } from "./diagnostics.ts";
import { lockedProblem, lockIn } from "./lock-problem.ts";
import type { TerraformRun } from "./types.ts";

export type Stage = "init" | "plan" | "show" | "output" | "apply" | "import";

/** How `validate` judged the configuration after a plan had failed; undefined: it was not asked. */
export type Validity = "valid" | "invalid" | undefined;

type Code = "locked" | "stale" | "forbidden" | "credentials" | "unreachable" | "init" | "invalid" | "failed";

const patterns: [Code, RegExp][] = [
  ["stale", /saved plan (is stale|does not match)/i],
  ["locked", /acquiring the state lock|state blob is already locked|state (is )?already locked/i],
  [
    "init",
    /query available provider packages|failed to install provider|(provider|plugin)s? .*not (installed|available)|required plugins are not installed|dependency lock file|module not installed|provider dependency changes/i,
  ],
  ["forbidden", /permission check failed|missing privileges to access/i],
  [
    "credentials",
    /\b40[13]\b|unauthori[sz]ed|forbidden|access ?denied|authentication fail|invalid (credentials|token)|no valid credential|InvalidAccessKeyId|SignatureDoesNotMatch|must (provide|specify) .*(token|credential|password)|no api token|missing .*(credential|token)/i,
  ],
  [
    "unreachable",
    /connection refused|connection reset|timed? ?out|timeout|deadline exceeded|no such host|no route to host|network is unreachable|x509:|tls: |\bEOF\b/i,
  ],
];

/** How the tool itself begins what it says of a configuration. */
const invalidSummary =
  /^(argument|cycle|duplicate|incorrect|invalid|missing|no value|reference|undeclared|unclosed|unexpected|unsupported)\b/i;

/** The Problem that a failed run of the tool stands for. */
export function toolFailure(
  run: TerraformRun,
  stage: Stage,
  output: { stdout: string; stderr: string },
  validity?: Validity,
): Problem {
  const errors = errorsIn(output);
  const [first] = errors;
  const text = errors.map(({ summary, detail }) => `${summary}\n${detail}`).join("\n");
  const code = codeOf(errors, text || output.stderr, stage, validity);
  const lock = code === "locked" ? lockIn(text || output.stderr) : undefined;
  if (lock !== undefined) return lockedProblem(run, lock);
  const said = first === undefined ? lastLine(output.stderr) : sentence(first);
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const { what, hint } = code === "forbidden" ? forbidden(errors) : meanings[code](run);
  const placed = errors.find(({ file }) => file !== undefined);
  const place =
    placed?.file === undefined ? run.directory : `${resolve(run.directory, placed.file)}:${placed.line}`;
  return new Problem({
    kind: "undetermined",
    code: `terraform-${code}`,
    message: `${titleOf(run.tool)} ${stage}: ${what}: ${said}${more}`,
    place,
    hint,
  });
}

function codeOf(errors: Diagnostic[], text: string, stage: Stage, validity: Validity): Code {
  const matched = patterns.find(([, pattern]) => pattern.test(text))?.[0];
  if (matched === "locked" || matched === "stale" || (matched === "init" && stage !== "output"))
    return matched;
  // Words such as "timeout" are also names of arguments: what the tool itself says of the configuration counts more.
  if (validity === "invalid") return "invalid";
  const placed = errors.filter(({ file }) => file !== undefined);
  if (placed.length === errors.length && placed.some(({ summary }) => invalidSummary.test(summary))) {
    return "invalid";
  }
  if (matched !== undefined) return matched;
  return stage === "init" && placed.length > 0 ? "invalid" : "failed";
}

const meanings: Record<Exclude<Code, "forbidden">, (run: TerraformRun) => { what: string; hint: string }> = {
  locked: () => ({
    what: "the state is locked",
    hint: "wait for the other run; if there is none, `force-unlock` names the lock to remove",
  }),
  stale: () => ({
    what: "the state was changed since this plan was made",
    hint: "plan again, and look at what it would do now",
  }),
  credentials: () => ({
    what: "the credentials were not accepted",
    hint: "check proxmox.api_token (to apply: proxmox.apply_token) and, for a remote state, the keys of its store",
  }),
  unreachable: () => ({
    what: "Proxmox or the store of the state could not be reached",
    hint: "check proxmox.endpoint and proxmox.tls, and the address of the store",
  }),
  init: (run) => ({
    what: "a provider or a module is not available",
    hint: `run once: ${run.tool} -chdir=${run.directory} init`,
  }),
  invalid: (run) => ({
    what: "the configuration is not valid",
    hint: `${run.tool} -chdir=${run.directory} validate`,
  }),
  failed: (run) => ({
    what: "it failed",
    hint: `by hand: ${run.tool} -chdir=${run.directory} plan -lock=false`,
  }),
};

function forbidden(errors: Diagnostic[]): { what: string; hint: string } {
  const missing = missingPrivileges(errors.flatMap(refusalsIn).join("\n"));
  return missing.length === 0
    ? { what: "Proxmox refused it to the token", hint: "what each command needs: docs/privileges.md" }
    : { what: `the token lacks ${lacked(missing)}`, hint: grantHint(missing) };
}

// Where one of several privileges would do, Proxmox names none.
const unnamed: [RegExp, string][] = [
  [/\bproxmox_(virtual_environment_)?(vm2?|cloned_vm|container)\./, "(/vms, VM.Allocate)"],
  [/\bproxmox_(virtual_environment_)?download_file\./, "(/nodes, Sys.AccessNetwork)"],
];

function refusalsIn({ summary, detail, address = "" }: Diagnostic): string {
  const text = `${summary}\n${detail}`;
  const meant = unnamed.find(([type]) => type.test(address))?.[1];
  return meant === undefined ? text : text.replace(/(Permission check failed)(?! ?\()/g, `$1 ${meant}`);
}

function sentence({ summary, detail }: Diagnostic): string {
  const [head, ...rest] = [summary, ...detail.split("\n")].map((line) => line.trim());
  const lines = rest.filter((line) => line !== "");
  // A line that ends in a colon announces the one that says what is wrong.
  const first = lines.findIndex((line) => !line.endsWith(":"));
  return [(head ?? "").replace(/:$/, ""), ...lines.slice(0, first + 1 || 1)]
    .map((line, index, all) => (index < all.length - 1 ? line.replace(/:$/, "") : line))
    .join(": ");
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() || "no message";
}
