import { nameFormats, nameRecords } from "../stack/names.ts";
import { open } from "./check-run.ts";
import { allInventories } from "./inventories.ts";
import type { Io } from "./io.ts";
import type { NamesFlags } from "./names.ts";

export async function runNames(io: Io, flags: NamesFlags): Promise<void> {
  const files = flags.inventory ?? [];
  const opened = files.length > 0 ? undefined : open(io, { ...flags, all: true });
  const inventories = await allInventories(io, opened, files);
  io.out(nameFormats[flags.format](nameRecords(inventories)).join("\n"));
}
