import type { GoProvider } from "./program.ts";

export const providerProxmox = {
  name: "terraform-provider-proxmox",
  source: "bpg/proxmox",
  title: "the bpg/proxmox provider",
  version: "0.111.1",
  module: "github.com/bpg/terraform-provider-proxmox",
  moduleVersion: "v0.111.1",
  package: "github.com/bpg/terraform-provider-proxmox",
  sum: "h1:sRMDj3SaHKN2gbhKdteacF17jXmOiK5lfDMFj23nfBU=",
  goModSum: "h1:Qi8ftlbAyMdGEiH4BklgrhMBvEc4q9fOHlSnVccFAaA=",
  go: "1.26.0",
  seconds: 70,
} satisfies GoProvider;
