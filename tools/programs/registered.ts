import { dockerCompose } from "./docker-compose.ts";
import { minio } from "./minio.ts";
import type { GoProgram, GoProvider } from "./program.ts";
import { promtool } from "./promtool.ts";
import { providerProxmox } from "./provider-proxmox.ts";
import { providerTls } from "./provider-tls.ts";
import { terraformDocs } from "./terraform-docs.ts";
import { tflint } from "./tflint.ts";

/** Programs by the name `resolveProgram` takes. One line each. */
export const programs = {
  "docker-compose": dockerCompose,
  minio,
  promtool,
  "terraform-docs": terraformDocs,
  tflint,
} satisfies Record<string, GoProgram>;

/** Terraform providers by source. One line each. */
export const providers = {
  [providerProxmox.source]: providerProxmox,
  [providerTls.source]: providerTls,
} satisfies Record<string, GoProvider>;

export type ProgramName = keyof typeof programs;
export type ProviderSource = keyof typeof providers;
