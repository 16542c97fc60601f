import type { Alert } from "../../alert.ts";
import { series } from "../../series.ts";

const labels = { instance: "traefik", cn: "grafana.home.lan", sans: "grafana.home.lan" };
const certificate = (serial: string) =>
  series("traefik_tls_certs_not_after", { job: "traefik" }, labels, { serial });
const days = (count: number) => count * 86_400;

export const certExpiringSoon: Alert = {
  name: "CertExpiringSoon",
  severity: "warning",
  for: "1h",
  // By name: after a renewal, Traefik reports the old serial until it is restarted (its issue 8606).
  expr: "max by (instance, cn, sans) (traefik_tls_certs_not_after) - time() < 1209600",
  summary: "The certificate of {{ $labels.cn }} expires soon",
  description:
    "The certificate of {{ $labels.cn }} that Traefik uses expires in {{ $value | humanizeDuration }}, less than 14 days.",
  runbook: {
    meaning: "Browsers will refuse the stack's names when the certificate has expired.",
    look: [
      "`pve-home plan --env monitoring`: whether a new certificate is planned.",
      "`openssl x509 -noout -enddate -in traefik/certs/stack.crt` in the stack's folder.",
    ],
    causes: ["a renewal that was planned and never applied or delivered"],
    mend: "`pve-home apply --env monitoring`, then deliver the files of the stack; Traefik reads the new certificate by itself.",
  },
  fires: [
    {
      name: "13 days",
      series: { [certificate("1")]: `${days(13) + 3600}x100` },
      at: "60m",
      alerts: [
        {
          labels,
          summary: "The certificate of grafana.home.lan expires soon",
          description:
            "The certificate of grafana.home.lan that Traefik uses expires in 13d 0h 0m 0s, less than 14 days.",
        },
      ],
    },
  ],
  silent: [
    { name: "15 days", series: { [certificate("1")]: `${days(15)}x100` } },
    {
      name: "a certificate that was renewed",
      series: { [certificate("1")]: `${days(1)}x100`, [certificate("2")]: `${days(300)}x100` },
    },
  ],
};
