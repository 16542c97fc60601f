import { volumePath } from "../../volumes.ts";
import type { Answer, Call, CommandGroup } from "./command.ts";

/** pvesm(1) on a node. */
export const storageTools: CommandGroup = {
  pvesm: (call) => {
    const [verb, volid, ...rest] = call.args;
    if (verb === "set" && volid !== undefined) return setContent(call, volid, rest);
    if (rest.length > 0) return undefined;
    if (verb === "path" && volid !== undefined) return path(call, volid);
    return verb === "apiinfo" && volid === undefined ? { out: "APIVER 13\nAPIAGE 4\n" } : undefined;
  },
};

// pvesm set STORAGE --content LIST: the one property that the lab lets change.
function setContent(
  call: Call,
  name: string,
  [option, content, ...rest]: readonly string[],
): Answer | undefined {
  const { world, changed } = call.machine.context;
  if (!/^--?content$/.test(option ?? "") || content === undefined || rest.length > 0) return undefined;
  const storage = world.storages[name];
  if (storage === undefined)
    return { code: 255, err: `update storage failed: storage '${name}' does not exist\n` };
  storage.content = content;
  changed();
  return {};
}

function path(call: Call, volid: string): Answer {
  const [name = "", volume = ""] = volid.split(/:(.*)/s);
  const storage = call.machine.context.world.storages[name];
  if (volume === "") return { code: 255, err: `unable to parse volume ID '${volid}'\n` };
  if (storage === undefined) return { code: 255, err: `storage '${name}' does not exist\n` };
  return { out: `${volumePath(storage, volid)}\n` };
}
