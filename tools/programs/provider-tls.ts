import type { GoProvider } from "./program.ts";

export const providerTls = {
  name: "terraform-provider-tls",
  source: "hashicorp/tls",
  title: "the hashicorp/tls provider",
  version: "4.2.1",
  module: "github.com/hashicorp/terraform-provider-tls",
  // The commit of tag v4.2.1: the module's go.mod lacks the /v4 which that version would need.
  moduleVersion: "v1.2.1-0.20260130152455-857b38cda3fc",
  package: "github.com/hashicorp/terraform-provider-tls",
  // The checksum database has no entry for it; recomputed from the official repository's tag.
  sum: "h1:iCzlbH6QDWzO5ecjT4tbXkZv5tHEXC/eCipm1KzZ2Qk=",
  goModSum: "h1:BhbyHxMoCW5R46E1SIaDOAOWTJhhExnMD7NRT44aamg=",
  go: "1.24.8",
  seconds: 40,
} satisfies GoProvider;
