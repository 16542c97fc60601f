import { duration } from "../model/duration.ts";
import { type Cell, type Column, tableLines } from "./table.ts";
import { plain, wrap } from "./terminal-text.ts";

/** Where one environment's state is, and who holds it. */
export interface StateRow {
  environment: string;
  /** A path or an address. */
  place: string;
  state: { serial: number; lineage: string; resources: number | undefined } | undefined;
  /** `since` is ISO 8601 where it is known. */
  lock: { who: string; since: string; operation: string; id: string } | undefined;
  /** Whether two who apply at once are kept apart. */
  locking: boolean;
  problem?: { message: string; hint?: string | undefined };
  /** The command that removes a lock whose holder is gone, without the lock's id. */
  unlock: string;
}

const columns: Column[] = [
  { title: "environment" },
  { title: "serial", align: "right" },
  { title: "resources", align: "right" },
  { title: "lock" },
  { title: "place", wraps: true },
];

/** The table of `pve-home state status`; `now` in milliseconds since 1970. */
export function renderStateStatus(
  rows: readonly StateRow[],
  now: number,
  options: { width: number; colour: boolean },
): string {
  const cells = rows.map((row): Cell[] => [
    row.environment,
    row.state === undefined ? "" : String(row.state.serial),
    row.state?.resources === undefined ? "" : String(row.state.resources),
    lockCell(row),
    row.problem === undefined ? row.place : `${row.place} — ${row.problem.message}`,
  ]);
  const notes = rows.flatMap((row) => notesOf(row, now)).flatMap((note) => wrap(plain(note), options.width));
  return [...tableLines(columns, cells, options), ...(notes.length === 0 ? [] : ["", ...notes])].join("\n");
}

function lockCell({ problem, lock, locking, state }: StateRow): Cell {
  if (problem !== undefined) return { text: "UNKNOWN", style: "yellow" };
  if (lock !== undefined) return { text: "HELD", style: "yellow" };
  if (!locking) return { text: "NONE", style: ["bold", "red"] };
  return { text: state === undefined ? "no state yet" : "free", style: "dim" };
}

function notesOf({ environment, lock, locking, problem, unlock }: StateRow, now: number): string[] {
  if (problem !== undefined) return problem.hint === undefined ? [] : [`${environment}: ${problem.hint}`];
  if (lock !== undefined) {
    const age = now - Date.parse(lock.since);
    const since = Number.isNaN(age) ? "" : ` since ${lock.since}, for ${duration(Math.max(0, age))}`;
    const operation = lock.operation === "" ? "" : ` (${lock.operation})`;
    const id = lock.id === "" ? "LOCK_ID" : lock.id;
    return [
      `${environment}: locked by ${lock.who}${since}${operation}; if no run is under way any more: ${unlock} ${id}`,
    ];
  }
  return locking
    ? []
    : [`${environment}: nothing keeps two who apply at once apart: set use_lockfile = true`];
}
