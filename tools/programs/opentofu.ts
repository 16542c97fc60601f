import type { GoProgram } from "./program.ts";

export const opentofu = {
  name: "tofu",
  title: "OpenTofu",
  version: "1.12.6",
  module: "github.com/opentofu/opentofu",
  moduleVersion: "v1.12.6",
  package: "github.com/opentofu/opentofu/cmd/tofu",
  sum: "h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98=",
  goModSum: "h1:smR4N0Md4RqsCUJtJUxQq4DKE3CQP9Z/GU05wE/ooaA=",
  go: "1.26.6",
  // Without it the version reads 1.12.6-dev, which `required_version = "~> 1.12"` refuses.
  ldflags: "-X github.com/opentofu/opentofu/version.dev=no",
  seconds: 180,
} satisfies GoProgram;
