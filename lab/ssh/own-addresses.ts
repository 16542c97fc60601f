import { execFile } from "node:child_process";
import { isIPv4 } from "node:net";
import { z } from "zod";

// The lab's only child process: `ip`, and only where the lab owns addresses.

// Marks IPv4 addresses as ours, so that those a killed lab left behind are known (IPv6 has no labels).
const label = "lo:pvehome";

const addressList = z.array(
  z.object({
    addr_info: z.array(z.object({ local: z.string(), label: z.string().optional() }).partial()).optional(),
  }),
);

export interface OwnAddresses {
  /** Puts exactly these addresses on `lo`, and takes away others of ours. */
  set(addresses: string[]): Promise<void>;
}

/** Addresses on the loopback interface. Those of 127.0.0.0/8 are there already and are left alone. */
export async function ownAddresses(log: (line: string) => void): Promise<OwnAddresses> {
  await ip(["link", "set", "lo", "up"], log);
  const listed = await ip(["-json", "address", "show", "dev", "lo"], log);
  const present = addressList.safeParse(listed === "" ? [] : JSON.parse(listed)).data ?? [];
  const known = present.flatMap((link) => link.addr_info ?? []);
  const foreign = new Set(known.flatMap(({ local, label: mark }) => (mark === label ? [] : [local])));
  const ours = new Set(known.flatMap(({ local, label: mark }) => (mark === label && local ? [local] : [])));

  return {
    set: async (addresses) => {
      const wanted = new Set(addresses.filter((address) => !foreign.has(address)));
      const gone = [...ours].filter((address) => !wanted.has(address));
      const added = [...wanted].filter((address) => !ours.has(address));
      const lines = [
        ...gone.map((address) => `address del ${address}/${length(address)} dev lo`),
        ...added.map(addLine),
      ];
      if (lines.length === 0) return;
      await ip(["-force", "-batch", "-"], log, `${lines.join("\n")}\n`);
      for (const address of gone) ours.delete(address);
      for (const address of added) ours.add(address);
    },
  };
}

function addLine(address: string): string {
  const mark = isIPv4(address) ? ` label ${label}` : " nodad";
  return `address add ${address}/${length(address)} dev lo${mark}`;
}

function length(address: string): number {
  return isIPv4(address) ? 32 : 128;
}

/** Runs `ip`; a failure is logged, and what could not be added shows when its listener cannot open. */
function ip(args: string[], log: (line: string) => void, input = ""): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile("ip", args, { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error !== null) log(`ip ${args.join(" ")}: ${stderr.trim() || error.message}`);
      resolve(stdout);
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
