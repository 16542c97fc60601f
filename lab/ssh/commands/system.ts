import { nodeNumbers } from "../../node-numbers.ts";
import { guestNumbers } from "../../numbers.ts";
import { type Machine, uptimeSeconds } from "../machine.ts";
import type { CommandGroup } from "./command.ts";

export const nodeKernel = "6.17.2-1-pve";
const kernel = { guest: "6.12.43+deb13-amd64", node: nodeKernel };

/** The machine as a whole. Its clock is the lab's own, in UTC. */
export const system: CommandGroup = {
  uptime: ({ args, machine }) => {
    const seconds = uptimeSeconds(machine);
    if (args.length > 1) return undefined;
    if (args[0] === "-s" || args[0] === "--since") return { out: `${stamp(Date.now() - seconds * 1000)}\n` };
    if (args[0] === "-p" || args[0] === "--pretty")
      return { out: `up ${Math.floor(seconds / 60)} minutes\n` };
    if (args[0] !== undefined) return undefined;
    const clock = stamp(Date.now()).slice(11);
    return { out: ` ${clock} up ${span(seconds)},  0 user,  load average: 0.00, 0.00, 0.00\n` };
  },
  uname: ({ args, machine }) => {
    const release = kernel[machine.kind];
    const answers: Record<string, string> = {
      "": "Linux",
      "-s": "Linux",
      "-r": release,
      "-n": machine.hostname,
      "-m": "x86_64",
      "-o": "GNU/Linux",
      "-a": `Linux ${machine.hostname} ${release} #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux`,
    };
    const answer = args.length > 1 ? undefined : answers[args[0] ?? ""];
    return answer === undefined ? undefined : { out: `${answer}\n` };
  },
  date: ({ args }) => {
    const [format, ...rest] = args.filter((arg) => arg !== "-u");
    if (rest.length > 0) return undefined;
    if (format === "+%s") return { out: `${Math.floor(Date.now() / 1000)}\n` };
    if (format === "+%F") return { out: `${stamp(Date.now()).slice(0, 10)}\n` };
    return format === undefined ? { out: `${new Date().toUTCString()}\n` } : undefined;
  },
  df: ({ args, machine }) => {
    const options = args.filter((arg) => arg.startsWith("-"));
    const paths = args.filter((arg) => !arg.startsWith("-"));
    if (
      options.some((option) => !["-P", "-k", "-Pk", "-kP"].includes(option)) ||
      paths.some((path) => path !== "/")
    )
      return undefined;
    const [total, used] = diskBlocks(machine);
    const share = total === 0 ? 0 : Math.ceil((used / total) * 100);
    const numbers = [String(total).padStart(14), String(used).padStart(8), String(total - used).padStart(9)];
    const row = `/dev/sda1 ${numbers.join(" ")} ${`${share}%`.padStart(8)} /\n`;
    return { out: `Filesystem     1024-blocks     Used Available Capacity Mounted on\n${row}` };
  },
};

/** Total and used 1024-byte blocks of the root disk. */
function diskBlocks(machine: Machine): [number, number] {
  const { world } = machine.context;
  if (machine.kind === "node") {
    const { maxdisk, disk } = nodeNumbers(world, machine.node, Date.now());
    return [Math.floor(maxdisk / 1024), Math.floor(disk / 1024)];
  }
  const { maxdisk, disk } = guestNumbers(world, machine.guest, Date.now());
  // Proxmox does not know how full a VM's disk is; a program inside does.
  return [Math.floor(maxdisk / 1024), Math.floor((disk === 0 ? maxdisk / 5 : disk) / 1024)];
}

function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

/** procps' wording: `3 days,  2:11` or `5 min`. */
function span(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  const day = days === 0 ? "" : `${days} day${days === 1 ? "" : "s"}, `;
  if (hours === 0) return `${day}${minutes % 60} min`;
  return `${day}${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, "0")}`;
}
