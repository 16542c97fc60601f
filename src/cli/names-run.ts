import { nameFormats, nameRecords } from "../stack/names.ts";
import { declaredInventories } from "./inventories.ts";
import type { Io } from "./io.ts";
import type { NamesFlags } from "./names.ts";

export async function runNames(io: Io, flags: NamesFlags): Promise<void> {
  const records = nameRecords(await declaredInventories(io, flags));
  io.out(nameFormats[flags.format](records).join("\n"));
}
