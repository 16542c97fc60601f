import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { choice, dashboard, instant, lines, number, prometheus, promql, width } from "../house.ts";
import { colours } from "../states.ts";

const machines = 'job="node", environment=~"$environment", instance=~"$machine"';
const disks = `${machines}, fstype=~"ext.*|xfs|btrfs|zfs|vfat"`;
const cards = `${machines}, device!~"lo|veth.*|tap.*|fwbr.*|fwpr.*|fwln.*|docker.*|br-.*"`;

const busy = `1 - avg by (instance) (rate(node_cpu_seconds_total{${machines}, mode="idle"}[$__rate_interval]))`;
const memory = `1 - node_memory_MemAvailable_bytes{${machines}} / node_memory_MemTotal_bytes`;
const full = `1 - node_filesystem_avail_bytes{${disks}} / node_filesystem_size_bytes`;

export function nodes(): Dashboard {
  return dashboard("nodes", "Nodes and guests", "Machines from within: what node_exporter says.")
    .withVariable(
      choice("environment", "Environment", 'label_values(up{job="node"}, environment)', prometheus),
    )
    .withVariable(
      choice(
        "machine",
        "Machine",
        'label_values(up{job="node", environment=~"$environment"}, instance)',
        prometheus,
      ),
    )
    .withPanel(
      number("Machines that answer", "Of those that Prometheus asks.").withTarget(
        instant(`sum(up{${machines}})`, "machines"),
      ),
    )
    .withPanel(
      number("Machines that do not answer", "See HostDown.")
        .thresholds(colours([null, "green"], [1, "red"]))
        .withTarget(instant(`count(up{${machines}}) - sum(up{${machines}})`, "machines")),
    )
    .withPanel(
      number("Fullest filesystem", "See HighDiskUsage.")
        .unit("percentunit")
        .thresholds(colours([null, "green"], [0.85, "orange"], [0.95, "red"]))
        .withTarget(instant(`topk(1, ${full})`, "{{instance}} {{mountpoint}}")),
    )
    .withPanel(
      number("Least memory left", "See HighMemoryUsage.")
        .unit("percentunit")
        .thresholds(colours([null, "green"], [0.9, "red"]))
        .withTarget(instant(`topk(1, ${memory})`, "{{instance}}")),
    )
    .withPanel(
      lines("CPU", "Share of the time that all cores work.")
        .unit("percentunit")
        .max(1)
        .withTarget(promql(busy, "{{instance}}")),
    )
    .withPanel(
      lines("Memory", "Share that programs use; what can be given back at once is left out.")
        .unit("percentunit")
        .max(1)
        .withTarget(promql(memory, "{{instance}}")),
    )
    .withPanel(
      lines("Filesystems", "How full they are.")
        .unit("percentunit")
        .max(1)
        .withTarget(promql(full, "{{instance}} {{mountpoint}}")),
    )
    .withPanel(
      lines(
        "Load per core",
        "Processes that work or wait, over 15 minutes. A container shows its node's.",
      ).withTarget(
        promql(
          `sum by (instance) (node_load15{${machines}}) / count by (instance) (node_cpu_seconds_total{${machines}, mode="idle"})`,
          "{{instance}}",
        ),
      ),
    )
    .withPanel(
      lines("Network, received", "By card.")
        .unit("Bps")
        .withTarget(
          promql(
            `rate(node_network_receive_bytes_total{${cards}}[$__rate_interval])`,
            "{{instance}} {{device}}",
          ),
        ),
    )
    .withPanel(
      lines("Network, sent", "By card.")
        .unit("Bps")
        .withTarget(
          promql(
            `rate(node_network_transmit_bytes_total{${cards}}[$__rate_interval])`,
            "{{instance}} {{device}}",
          ),
        ),
    )
    .withPanel(
      lines("Time spent on disks", "Share of the time in which a disk works.")
        .span(width.full)
        .unit("percentunit")
        .withTarget(
          promql(
            `rate(node_disk_io_time_seconds_total{${machines}}[$__rate_interval])`,
            "{{instance}} {{device}}",
          ),
        ),
    )
    .build();
}
