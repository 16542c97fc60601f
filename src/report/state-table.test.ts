import { expect, test } from "vitest";
import { renderStateStatus, type StateRow } from "./state-table.ts";

const now = Date.parse("2026-11-20T10:03:05Z");
const row: StateRow = {
  environment: "prod",
  place: "http://10.0.0.9:9000/states/prod/terraform.tfstate",
  state: { serial: 12, lineage: "x", resources: 5 },
  lock: undefined,
  locking: true,
  unlock: "tofu -chdir=/env force-unlock",
};
const shown = (...rows: StateRow[]) => renderStateStatus(rows, now, { width: 80, colour: false });

test("a free state", () => {
  expect(shown(row)).toMatch(/^prod +12 +5 +free +http:\/\/10\.0\.0\.9:9000\/states/m);
  expect(shown({ ...row, state: undefined })).toMatch(/^prod +no state yet/m);
});

test("a held one, by whom, since when, how long, and what to do", () => {
  const lock = {
    who: "ann@laptop",
    since: "2026-11-20T10:00:00Z",
    operation: "OperationTypeApply",
    id: "abc",
  };
  const text = shown({ ...row, lock }).replace(/\s+/g, " ");
  expect(text).toContain(
    "prod: locked by ann@laptop since 2026-11-20T10:00:00Z, for 3 min 5 s (OperationTypeApply); if no run is under way any more: tofu -chdir=/env force-unlock abc",
  );
  expect(shown({ ...row, lock: { ...lock, since: "unknown" } })).not.toContain("NaN");
});

test("nothing that locks is a warning, and what could not be looked at is no sign of health", () => {
  expect(shown({ ...row, locking: false })).toMatch(/NONE[\s\S]*use_lockfile = true/);
  const problem = { message: "the store is not reachable", hint: "is it up?" };
  const text = shown({ ...row, problem }).replace(/\s+/g, " ");
  expect(text).toMatch(/UNKNOWN .* the store is not reachable prod: is it up\?/);
});
