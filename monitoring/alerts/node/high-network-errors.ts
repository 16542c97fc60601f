import type { Alert } from "../../alert.ts";
import { series, vm } from "../../series.ts";

// Of bridges, taps and containers: errors of the real card are counted there again.
const cards = 'device!~"lo|veth.*|tap.*|fwbr.*|fwpr.*|fwln.*|docker.*|br-.*"';

const errors = (device: string, received: string, sent: string) => ({
  [series("node_network_receive_errs_total", vm, { device })]: `0+${received}x20`,
  [series("node_network_transmit_errs_total", vm, { device })]: `0+${sent}x20`,
});

export const highNetworkErrors: Alert = {
  name: "HighNetworkErrors",
  severity: "warning",
  for: "5m",
  expr: `rate(node_network_receive_errs_total{${cards}}[5m])
  + rate(node_network_transmit_errs_total{${cards}}[5m]) > 10`,
  summary: "{{ $labels.device }} of {{ $labels.instance }} loses packets",
  description:
    'The card {{ $labels.device }} of {{ $labels.instance }} has {{ $value | printf "%.0f" }} errors each second, more than 10.',
  runbook: {
    meaning: "A network card reports errors, received and sent together. Connections get slow or break.",
    look: [
      "`ip -s link show DEVICE` and `ethtool -S DEVICE | grep -i err` on the machine.",
      "`ethtool DEVICE`: whether speed and duplex are what the switch says.",
    ],
    causes: ["a damaged cable or plug", "a switch port with another speed", "a driver's offload feature"],
    mend: "Change cable and port first. For Intel cards of the e1000e family, `ethtool -K DEVICE tso off gso off` helps.",
  },
  fires: [
    {
      name: "11 a second, received and sent together",
      series: errors("eth0", "360", "300"),
      at: "10m",
      alerts: [
        {
          labels: { ...vm, device: "eth0" },
          summary: "eth0 of web loses packets",
          description: "The card eth0 of web has 11 errors each second, more than 10.",
        },
      ],
    },
  ],
  silent: [
    { name: "9 a second", series: errors("eth0", "300", "240") },
    { name: "a card of a container", series: errors("veth1a2b3c", "3000", "3000") },
  ],
};
