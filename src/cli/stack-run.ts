import { rmSync } from "node:fs";
import { composeContainers, composeDown } from "../connect/docker/compose.ts";
import { inspectEngine } from "../connect/docker/engine.ts";
import { reasonOf } from "../connect/system-error.ts";
import { loadConfiguration } from "../homelab/configuration.ts";
import { Problem } from "../model/problem.ts";
import { readRecord } from "../stack/record.ts";
import { stackStatus } from "../stack/status.ts";
import { confirm } from "./confirm.ts";
import { exitCodes } from "./exit-code.ts";
import type { Io } from "./io.ts";
import type { DownFlags, StatusFlags } from "./stack.ts";
import { composeProject, isOfLab, labFolder, placedStack, stackFolder } from "./stack-place.ts";
import { statusJson, statusText } from "./stack-text.ts";

export async function runStatus(io: Io, flags: StatusFlags): Promise<void> {
  const folder = stackFolder(io, loadConfiguration(io.cwd, flags.config), flags);
  const record = placedStack(folder, flags);
  await inspectEngine(io.interrupted);
  const services = stackStatus(record, await composeContainers(composeProject(io, folder)));
  io.out(flags.json ? statusJson(folder, services) : statusText(services, io));
  if (services.some(({ healthy }) => !healthy)) io.exitCode = exitCodes.found;
}

export async function runDown(io: Io, flags: DownFlags): Promise<void> {
  const folder = stackFolder(io, loadConfiguration(io.cwd, flags.config), flags);
  const lab = isOfLab(folder);
  // Interrupted before the stack was placed, a lab may be there alone.
  const record = lab ? readRecord(folder) : placedStack(folder, flags);
  await inspectEngine(io.interrupted);
  const purge = flags.purge === true || lab;
  const lost = purge
    ? `${folder} is removed with everything in it: metrics, logs, dashboards, monitors, passwords${lab ? " and the simulated Proxmox VE" : ""}`
    : `its data stays in ${folder}`;
  await confirm(io, `Stop the stack and remove its containers? ${lost}.`, { yes: flags.yes, preview: false });
  if (record !== undefined) await composeDown(composeProject(io, folder));
  if (lab) {
    const { stopLabOfStack } = await import("./lab-stack.ts");
    await stopLabOfStack(io, labFolder(folder));
  }
  if (purge) removeFolder(folder);
  io.out(
    purge ? `the stack is down, and ${folder} is removed` : `the stack is down; its data is in ${folder}`,
  );
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (cause) {
    throw new Problem({
      kind: "undetermined",
      code: "stack-folder-left",
      message: `the stack is down, and its folder could not be removed: ${reasonOf(cause)}`,
      place: folder,
      hint: `a container wrote there as another user: sudo rm -r ${folder}`,
      cause,
    });
  }
}
