import { paint, type Style } from "./status-words.ts";
import { type Column, tableLines } from "./table.ts";

/** What became of one guest's host key. */
export interface TrustRow {
  guest: string;
  type: string;
  outcome: "added" | "unchanged" | "replaced" | "failed";
  /** `SHA256:…` */
  fingerprint?: string;
  previous?: readonly string[];
  problem?: { message: string; hint?: string | undefined };
}

const columns: Column[] = [
  { title: "guest" },
  { title: "type" },
  { title: "key" },
  { title: "detail", wraps: true },
];

const styles = {
  added: "green",
  unchanged: "dim",
  replaced: "yellow",
  failed: ["bold", "red"],
} as const satisfies Record<TrustRow["outcome"], Style>;

/** The table of `pve-home hosts trust`; each environment under its name where there are several. */
export function renderTrust(
  trusted: readonly { environment: string; outcomes: readonly TrustRow[] }[],
  options: { width: number; colour: boolean },
): string {
  const lines = trusted.flatMap(({ environment, outcomes }) => {
    const rows = outcomes.map((row) => [
      row.guest,
      row.type,
      { text: row.outcome.toUpperCase(), style: styles[row.outcome] },
      detailOf(row),
    ]);
    const title = trusted.length > 1 ? [paint(environment, "bold", options.colour), ""] : [];
    return [...title, ...(rows.length === 0 ? ["no guests"] : tableLines(columns, rows, options)), ""];
  });
  return [...lines, summary(trusted.flatMap(({ outcomes }) => outcomes))].join("\n");
}

function detailOf({ fingerprint, previous = [], problem }: TrustRow): string {
  if (problem !== undefined) {
    return problem.hint === undefined ? problem.message : `${problem.message} — ${problem.hint}`;
  }
  return previous.length === 0 ? (fingerprint ?? "") : `${previous.join(", ")} → ${fingerprint}`;
}

function summary(outcomes: readonly TrustRow[]): string {
  const counts = (["added", "replaced", "unchanged", "failed"] as const).flatMap((outcome) => {
    const count = outcomes.filter((row) => row.outcome === outcome).length;
    return count === 0 ? [] : `${count} ${outcome}`;
  });
  return `${outcomes.length} host ${outcomes.length === 1 ? "key" : "keys"}: ${counts.join(", ") || "none"}`;
}
