import type { Machine } from "../machine.ts";
import { cloudInit } from "./cloud-init.ts";
import type { CommandGroup, FoundCommand } from "./command.ts";
import { docker } from "./docker.ts";
import { fileCommands } from "./files.ts";
import { identity } from "./identity.ts";
import { guestTools } from "./pve-guests.ts";
import { storageTools } from "./pve-storage.ts";
import { userTools } from "./pve-users.ts";
import { shellCommands } from "./shell.ts";
import { system } from "./system.ts";
import { systemd } from "./systemd.ts";
import { test } from "./test.ts";
import { text } from "./text.ts";

const everywhere: CommandGroup[] = [shellCommands, identity, system, fileCommands, test, text, systemd];
const onGuests: CommandGroup[] = [docker, cloudInit];
const onNodes: CommandGroup[] = [guestTools, storageTools, userTools];

/** Part of a script's own making; recording them would hide what was asked. */
const silent = new Set(["printf", "echo", "exit", ":"]);

/** The command of that name on that machine, with or without its folder; undefined where there is none. */
export function findCommand(machine: Machine, name: string): FoundCommand | undefined {
  const bare = name.replace(/^\/(?:usr\/)?(?:local\/)?s?bin\//, "");
  if (bare.includes("/")) return undefined;
  for (const group of [...everywhere, ...(machine.kind === "guest" ? onGuests : onNodes)]) {
    const run = Object.hasOwn(group, bare) ? group[bare] : undefined;
    if (run !== undefined) return { silent: silent.has(bare), run };
  }
  return undefined;
}
