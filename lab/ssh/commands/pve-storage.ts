import { volumePath } from "../../volumes.ts";
import type { Answer, Call, CommandGroup } from "./command.ts";

/** pvesm(1) on a node. */
export const storageTools: CommandGroup = {
  pvesm: (call) => {
    const [verb, volid, ...rest] = call.args;
    if (rest.length > 0) return undefined;
    if (verb === "path" && volid !== undefined) return path(call, volid);
    return verb === "apiinfo" && volid === undefined ? { out: "APIVER 13\nAPIAGE 4\n" } : undefined;
  },
};

function path(call: Call, volid: string): Answer {
  const [name = "", volume = ""] = volid.split(/:(.*)/s);
  const storage = call.machine.context.world.storages[name];
  if (volume === "") return { code: 255, err: `unable to parse volume ID '${volid}'\n` };
  if (storage === undefined) return { code: 255, err: `storage '${name}' does not exist\n` };
  return { out: `${volumePath(storage, volid)}\n` };
}
