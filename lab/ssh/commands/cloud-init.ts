import type { CommandGroup } from "./command.ts";

/** cloud-init(1); containers have none. A guest answers over SSH only once cloud-init is done. */
export const cloudInit: CommandGroup = {
  "cloud-init": ({ args, machine }) => {
    if (machine.kind !== "guest" || machine.guest.kind === "lxc") {
      return { code: 127, err: "sh: 1: cloud-init: not found\n" };
    }
    const words = args.join(" ");
    if (words === "status --wait") return { out: "\nstatus: done\n" };
    return words === "status" ? { out: "status: done\n" } : undefined;
  },
};
