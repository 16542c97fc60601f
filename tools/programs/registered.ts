import { alertmanager, amtool } from "./alertmanager.ts";
import { dockerCompose } from "./docker-compose.ts";
import { loki, lokiFloor, promtail } from "./loki.ts";
import { minio } from "./minio.ts";
import { nodeExporter } from "./node-exporter.ts";
import type { GoProgram, GoProvider } from "./program.ts";
import { prometheus, promtool } from "./prometheus.ts";
import { providerProxmox } from "./provider-proxmox.ts";
import { providerTls } from "./provider-tls.ts";
import { terraformDocs } from "./terraform-docs.ts";
import { tflint } from "./tflint.ts";
import { traefik, traefikFloor } from "./traefik.ts";

/** Programs by the name `resolveProgram` takes. One line each. */
export const programs = {
  alertmanager,
  amtool,
  "docker-compose": dockerCompose,
  loki,
  "loki-floor": lokiFloor,
  minio,
  node_exporter: nodeExporter,
  prometheus,
  promtail,
  promtool,
  "terraform-docs": terraformDocs,
  tflint,
  traefik,
  "traefik-floor": traefikFloor,
} satisfies Record<string, GoProgram>;

/** Terraform providers by source. One line each. */
export const providers = {
  [providerProxmox.source]: providerProxmox,
  [providerTls.source]: providerTls,
} satisfies Record<string, GoProvider>;

export type ProgramName = keyof typeof programs;
export type ProviderSource = keyof typeof providers;
