import { systemClock } from "../connect/clock.ts";
import { openBucket } from "../connect/s3/bucket.ts";
import { s3StateOf } from "../connect/terraform/s3-state.ts";
import { loadConfiguration } from "../homelab/configuration.ts";
import { stateStore } from "../homelab/state-store.ts";
import { connectedRun, terraformRun } from "../homelab/terraform-run.ts";
import { renderStateStatus } from "../report/state-table.ts";
import { backendFiles } from "../state/backend-files.ts";
import { testLock } from "../state/lock-test.ts";
import { moveToStore } from "../state/migrate.ts";
import { moveBack, planMoveBack } from "../state/migrate-back.ts";
import { type Moved, throwIfInterrupted } from "../state/moving.ts";
import { planMove } from "../state/plan-move.ts";
import { examine, placeOf, type Situation, type Subject } from "../state/situation.ts";
import { stateStatus } from "../state/status.ts";
import { refuseUnversioned } from "../state/store-safety.ts";
import { open } from "./check-run.ts";
import { confirm } from "./confirm.ts";
import { exitCodes } from "./exit-code.ts";
import type { OneEnvironmentFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { oneEnvironment } from "./one-environment.ts";
import type { MigrateFlags, StatusFlags } from "./state.ts";
import { lockTestText, movedText, stateStatusJson, stepsText } from "./state-text.ts";

export async function runStatus(io: Io, flags: StatusFlags): Promise<void> {
  const { configuration, environments } = open(io, flags);
  const statuses = await Promise.all(
    environments.map(async (name) => stateStatus(name, await connectedRun(configuration, name, io.env))),
  );
  io.out(
    flags.json
      ? stateStatusJson(statuses)
      : renderStateStatus(statuses, systemClock.now(), { width: io.width, colour: io.colour }),
  );
  if (statuses.some(({ problem }) => problem !== undefined)) io.exitCode = exitCodes.undetermined;
}

export async function runLockTest(io: Io, flags: OneEnvironmentFlags): Promise<void> {
  const { connection, name, prefix } = await storeToTest(io, flags);
  const bucket = openBucket(connection, name, { log: io.log });
  try {
    // A bucket that is not there, or keys that are refused, are another matter than a store that does not exclude.
    await bucket.versioning();
    const proof = await testLock(bucket, prefix);
    io.out(lockTestText(`${bucket.endpoint}/${name}`, proof));
    for (const leftover of proof.leftovers) io.log(`left in the bucket: ${leftover}`);
    io.exitCode = proof.failure === undefined ? exitCodes.ok : exitCodes.found;
  } finally {
    bucket.close();
  }
}

/** The store that an environment's backend really uses, else the one of the configuration. */
async function storeToTest(io: Io, flags: OneEnvironmentFlags) {
  if (flags.env !== undefined) {
    const { configuration } = open(io, { ...flags, env: [flags.env] });
    const state = s3StateOf(await connectedRun(configuration, flags.env, io.env));
    if (state !== undefined) return { connection: state.connection, name: state.bucket, prefix: "" };
  }
  const { connection, bucket, prefix } = await stateStore(loadConfiguration(io.cwd, flags.config), io.env);
  return { connection, name: bucket, prefix };
}

export async function runMigrate(io: Io, flags: MigrateFlags): Promise<void> {
  const environment = oneEnvironment(io, flags);
  const { configuration } = open(io, { ...flags, env: [environment] });
  const run = { ...terraformRun(configuration, environment, io.env), signal: io.interrupted };
  const store = await stateStore(configuration, io.env);
  const bucket = openBucket(store.connection, store.bucket, { log: io.log });
  const subject: Subject = { environment, run, store, bucket };
  try {
    const situation = await examine(subject, flags.back ? "file" : "store");
    await (flags.back ? back(io, flags, subject, situation) : forth(io, flags, subject, situation));
  } catch (error) {
    throwIfInterrupted(io.interrupted);
    throw error;
  } finally {
    io.finishing = false;
    bucket.close();
  }
}

async function forth(io: Io, flags: MigrateFlags, subject: Subject, situation: Situation): Promise<void> {
  const { environment, run, store } = subject;
  const files = backendFiles(run.directory, environment, store);
  const move = planMove(subject, situation, files.names);
  if (situation.code === "file") files.refuseForeign();
  if (move.steps.length === 0) return io.out(`${environment}: its state is at ${placeOf(subject)} already`);
  await refuseUnversioned(subject.bucket);
  if (!(await agreed(io, flags, subject, move.steps))) return;
  const moved = await moveToStore(subject, situation, move, { log: io.log, signal: io.interrupted });
  report(io, subject, moved, [
    `${environment}: its state is now at ${placeOf(subject)}`,
    ...(situation.code === "file" ? [`keep ${files.names.join(" and ")} in git`] : []),
    `to go back: pve-home state migrate --env ${environment} --back`,
  ]);
}

async function back(io: Io, flags: MigrateFlags, subject: Subject, situation: Situation): Promise<void> {
  const { environment } = subject;
  const { remote, steps } = planMoveBack(subject, situation);
  if (remote === undefined) return io.out(`${environment}: its state is in ${situation.file} already`);
  if (!(await agreed(io, flags, subject, steps))) return;
  const moved = await moveBack(subject, situation, remote, { log: io.log, signal: io.interrupted });
  report(io, subject, moved, [
    `${environment}: its state is now in ${situation.file}`,
    `the store keeps its copy at ${placeOf(subject)}: do not use it from another checkout any more`,
    `to move it again: pve-home state migrate --env ${environment}`,
  ]);
}

/** Prints what would be done, and asks; false where nothing is to be done. */
async function agreed(
  io: Io,
  flags: MigrateFlags,
  { environment, store }: Subject,
  steps: string[],
): Promise<boolean> {
  const { endpoint } = store.connection;
  if (endpoint.startsWith("http:")) {
    io.log(`note: the way to ${endpoint} is not encrypted, and a state holds secrets`);
  }
  const text = stepsText(environment, steps);
  if (flags.dryRun) {
    io.out(text);
    return false;
  }
  io.log(text);
  await confirm(io, `Move the state of ${environment}?`, { yes: flags.yes });
  // An interrupt ends it in order: the lock is given back, and the code says where the state is.
  io.finishing = true;
  return true;
}

function report(io: Io, subject: Subject, { keptAside, initFailed }: Moved, lines: readonly string[]): void {
  io.out(movedText(lines, keptAside));
  if (initFailed === undefined) return;
  const { tool, directory } = subject.run;
  io.log(`note: before you call ${tool} there yourself, it needs an init: ${initFailed.message}`);
  io.log(`  try: ${tool} -chdir=${directory} init -reconfigure -backend-config=backend.hcl`);
}
