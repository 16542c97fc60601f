import type { Command } from "commander";
import { driftCommand } from "./drift.ts";
import { healthCommand } from "./health.ts";
import { hostsCommand } from "./hosts.ts";
import type { Io } from "./io.ts";
import { labCommand } from "./lab.ts";

/** Every command, in the order `--help` lists them. Each file imports its feature only when it is run. */
export const commands: readonly ((io: Io) => Command)[] = [
  healthCommand,
  driftCommand,
  hostsCommand,
  labCommand,
];
