import type { Command } from "commander";
import { applyCommand } from "./apply.ts";
import { driftCommand } from "./drift.ts";
import { healthCommand } from "./health.ts";
import { hostsCommand } from "./hosts.ts";
import type { Io } from "./io.ts";
import { labCommand } from "./lab.ts";
import { namesCommand } from "./names.ts";
import { planCommand } from "./plan.ts";
import { stackCommand } from "./stack.ts";
import { stateCommand } from "./state.ts";

/** Every command, in the order `--help` lists them. Each file imports its feature only when it is run. */
export const commands: readonly ((io: Io) => Command)[] = [
  healthCommand,
  driftCommand,
  planCommand,
  applyCommand,
  stateCommand,
  hostsCommand,
  stackCommand,
  namesCommand,
  labCommand,
];
