import type { LabStatus } from "../../lab/control-client.ts";
import type { LabFacts } from "../../lab/lab.ts";

/** What is needed to look around; secrets stay in the 0600 file that is named. */
export function labUpText(facts: LabFacts): string {
  const lines: [string, string][] = [
    ...facts.apis.map(({ node, endpoint }): [string, string] => [`API ${node}`, endpoint]),
    ["certificate", facts.caFile],
    ["tokens", `${facts.directory}/lab.json (terraform, monitor, exporter)`],
    ...facts.ssh.nodes.map(({ name, address, port }): [string, string] => [
      `ssh ${name}`,
      `${address} port ${port}`,
    ]),
    [
      "ssh guests",
      `port ${facts.ssh.guestPort}, at the addresses they are given${facts.machines ? "" : " in 127.0.0.0/8"}`,
    ],
    ...machinesLine(facts),
  ];
  return ["The lab is up.", ...lines.map(([what, value]) => `  ${what.padEnd(12)} ${value}`)].join("\n");
}

function machinesLine({ machines }: LabFacts): [string, string][] {
  if (machines === undefined) return [];
  return [
    ["machines", machines === "kvm" ? "with KVM" : "emulated (no KVM that works): a boot takes minutes"],
  ];
}

export function labStatusText(facts: LabFacts, status: LabStatus): string {
  const guests = status.guests.filter((guest) => !guest.template);
  const rows = guests.map((guest) => [
    String(guest.vmid),
    guest.name,
    guest.kind === "qemu" ? "vm" : "lxc",
    guest.node,
    guest.status,
  ]);
  const faults = status.faults.map(({ name, target }) =>
    target === undefined ? name : `${name} on ${target}`,
  );
  return [
    `up at ${facts.endpoint} (process ${facts.pid}, ${status.requests} requests so far)`,
    ...(status.unsaved === undefined ? [] : [`NOT SAVED, a restart would not know it: ${status.unsaved}`]),
    `faults: ${faults.join(", ") || "none"}`,
    "",
    rows.length === 0 ? "no guests yet" : listText(rows),
  ].join("\n");
}

/** Columns as wide as their widest cell, two spaces between. */
export function listText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
