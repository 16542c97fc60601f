import type { Call, CommandGroup } from "./command.ts";

const uid = (user: string) => (user === "root" ? 0 : 1000);

/** Who and where one is. */
export const identity: CommandGroup = {
  whoami: ({ shell }) => ({ out: `${shell.user}\n` }),
  hostname: (call) => {
    const host = call.machine.hostname;
    const [option = "", ...rest] = call.args;
    if (rest.length > 0) return undefined;
    if (["", "-f", "--fqdn", "-s"].includes(option))
      return { out: `${option === "-s" ? host.split(".")[0] : host}\n` };
    return option === "-I" ? { out: `${address(call)} \n` } : undefined;
  },
  id: ({ args, shell }) => {
    const [option, named] = args;
    const user = option !== undefined && !option.startsWith("-") ? option : (named ?? shell.user);
    if (args.length > 2) return undefined;
    if (user !== shell.user && user !== "root") return { code: 1, err: `id: '${user}': no such user\n` };
    const id = uid(user);
    if (option === "-u" || option === "-g") return { out: `${id}\n` };
    if (option === "-un" || option === "-gn") return { out: `${user}\n` };
    if (option?.startsWith("-")) return undefined;
    return { out: `uid=${id}(${user}) gid=${id}(${user}) groups=${id}(${user})\n` };
  },
};

function address({ machine }: Call): string {
  if (machine.kind === "node") return machine.node.ssh.address;
  return (machine.context.guestAddress(machine.guest) ?? "").replace(/:\d+$/, "");
}
