import { remembersBackend } from "../connect/terraform/reconfigure.ts";
import { placeOf, refusal, type Situation, type StoredState, type Subject } from "./situation.ts";

/** What has to be done to bring a state into the store; empty steps where it is there already. */
export interface Move {
  /** What the store gets: a new object, a newer version of the one it has, or nothing, because it has it. */
  copy: { condition: "absent" | { etag: string } } | undefined;
  /** The state in the file; undefined where there is none any more. */
  local: StoredState | undefined;
  /** In plain words, in order. */
  steps: string[];
}

/** Decides what to do, or refuses: nothing is ever written over that is not an older version of the same state. */
export function planMove(subject: Subject, situation: Situation, backendFiles: readonly string[]): Move {
  const { environment, run } = subject;
  const { local, remote, code, file } = situation;
  if (local === undefined) {
    if (code === "store" && remote !== undefined) {
      return { copy: undefined, local, steps: remembersBackend(run) ? [] : [initStep(subject)] };
    }
    throw refusal("state-missing", run, `${environment} has no state in ${file}`, {
      place: file,
      hint:
        remote === undefined
          ? "apply it first"
          : `the store has one at ${placeOf(subject)}: is this an old copy of the code?`,
    });
  }
  const copy = copyOf(subject, situation, local);
  const place = placeOf(subject);
  const { serial } = local.facts;
  return {
    copy,
    local,
    steps: [
      "ask the store for its lock on a scratch object, several at once, to see that it excludes",
      `take the lock of ${place}`,
      copy === undefined
        ? `nothing to copy: the store has serial ${serial} already`
        : `copy ${file} (serial ${serial}) there${copy.condition === "absent" ? "" : `, over serial ${remote?.facts.serial}`}, and read it back`,
      ...(code === "store" ? [] : [`write ${backendFiles.join(" and ")} in ${run.directory}`]),
      `compare what ${run.tool} output says with what it said before; where it differs, take back those files`,
      `put the file aside as ${file}.local-${serial}`,
      initStep(subject),
    ],
  };
}

function initStep({ run }: Subject): string {
  return `${run.tool} init -reconfigure in ${run.directory}, for your own calls there; it moves no state`;
}

function copyOf(subject: Subject, { code, remote }: Situation, local: StoredState): Move["copy"] {
  const { environment, run } = subject;
  if (remote === undefined) return { condition: "absent" };
  if (remote.content.equals(local.content)) return undefined;
  const place = placeOf(subject);
  const [here, there] = [local.facts, remote.facts];
  if (there.lineage !== here.lineage) {
    throw refusal(
      "state-foreign",
      run,
      `the store has another state at ${place} (lineage ${there.lineage}, serial ${there.serial}); ${environment}'s is lineage ${here.lineage}`,
      { place, hint: "is it another homelab's? set a state.prefix of your own" },
    );
  }
  // The code looks into the store already, and it was changed there: the file is what was left behind.
  if (code === "store" && there.serial > here.serial) return undefined;
  if (code === "file" && there.serial < here.serial) return { condition: { etag: remote.etag } };
  throw refusal(
    "state-diverged",
    run,
    `file and store have different versions of ${environment}'s state: serial ${here.serial} here, ${there.serial} at ${place}`,
    {
      place,
      hint: "find out which one is true (the newer date, the guests you know), and put the other one away",
    },
  );
}
