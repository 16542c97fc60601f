import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard, instant, lines, list, number, promql, rows, width } from "../house.ts";
import { colours, history, type State } from "../states.ts";

const states: readonly State[] = [
  { text: "stopped", colour: "red" },
  { text: "running", colour: "green" },
];

// Each node reports the whole cluster: one series for each id. A guest that moves has two nodes for a minute.
const one = (metric: string, kind: string) => `max by (id) (${metric}{id=~"${kind}/.+"})`;
const named = (value: string) =>
  `${value} * on (id) group_left (name, node) topk by (id) (1, pve_guest_info{template!="1"})`;
const stored = (value: string) =>
  `${value} * on (id) group_left (storage, node) topk by (id) (1, pve_storage_info)`;
const guests = "(qemu|lxc)";
const fullness = stored(
  `${one("pve_disk_usage_bytes", "storage")} / ${one("pve_disk_size_bytes", "storage")}`,
);

export function proxmox(): Dashboard {
  return dashboard("proxmox", "Proxmox", "Nodes, guests and storages, as Proxmox sees them.")
    .withPanel(
      number("Nodes that run", "Of the cluster.").withTarget(
        instant(`sum(${one("pve_up", "node")})`, "nodes"),
      ),
    )
    .withPanel(
      number("Guests that run", "Machines and containers.").withTarget(
        instant(`sum(${named(one("pve_up", guests))})`, "guests"),
      ),
    )
    .withPanel(
      number("Guests in no backup job", "See GuestsNotBackedUp. Templates are counted, too.")
        .thresholds(colours([null, "green"], [1, "orange"]))
        .withTarget(instant("max(pve_not_backed_up_total)", "guests")),
    )
    .withPanel(
      number("Fullest storage", "See ProxmoxStorageAlmostFull.")
        .unit("percentunit")
        .thresholds(colours([null, "green"], [0.85, "orange"], [0.95, "red"]))
        .withTarget(instant(`topk(1, ${fullness})`, "{{storage}} on {{node}}")),
    )
    .withPanel(
      lines("CPU of nodes", "Share of the time that all cores work.")
        .unit("percentunit")
        .max(1)
        .withTarget(promql(one("pve_cpu_usage_ratio", "node"), "{{id}}")),
    )
    .withPanel(
      lines("Memory of nodes", "Share in use. What ZFS caches counts as used.")
        .unit("percentunit")
        .max(1)
        .withTarget(
          promql(
            `${one("pve_memory_usage_bytes", "node")} / ${one("pve_memory_size_bytes", "node")}`,
            "{{id}}",
          ),
        ),
    )
    .withPanel(
      lines("CPU of guests", "In cores.")
        .unit("short")
        .withTarget(
          promql(
            named(`(${one("pve_cpu_usage_ratio", guests)} * ${one("pve_cpu_usage_limit", guests)})`),
            "{{name}}",
          ),
        ),
    )
    .withPanel(
      lines("Memory of guests", "As their node sees it: a machine's page cache counts as used.")
        .unit("bytes")
        .withTarget(promql(named(one("pve_memory_usage_bytes", guests)), "{{name}}")),
    )
    .withPanel(
      lines("Storages", "How full they are.")
        .unit("percentunit")
        .max(1)
        .withTarget(promql(fullness, "{{storage}} on {{node}}")),
    )
    .withPanel(
      lines("Network of guests", "Received and sent together.")
        .unit("Bps")
        .withTarget(
          promql(
            named(
              `(max by (id) (rate(pve_network_receive_bytes_total[$__rate_interval])) + max by (id) (rate(pve_network_transmit_bytes_total[$__rate_interval])))`,
            ),
            "{{name}}",
          ),
        ),
    )
    .withPanel(
      history("Guests", "Which ran when.", states)
        .height(12)
        .withTarget(promql(named(one("pve_up", guests)), "{{name}} on {{node}}")),
    )
    .withPanel(
      list("Guests without a backup job", "A guest with the tag nobackup is meant to have none.")
        .span(width.full)
        .withTransformation({ id: "organize", options: { excludeByName: { Time: true, Value: true } } })
        .withTarget(
          rows(
            'max by (id) (pve_not_backed_up_info) * on (id) group_left (name, node, tags) topk by (id) (1, pve_guest_info{template!="1"})',
          ),
        ),
    )
    .build();
}
