import type { GoProgram } from "./program.ts";

// Its rules for Terraform are built in: no plugin is downloaded.
export const tflint = {
  name: "tflint",
  title: "TFLint",
  version: "0.64.0",
  exact: true,
  module: "github.com/terraform-linters/tflint",
  moduleVersion: "v0.64.0",
  package: "github.com/terraform-linters/tflint",
  sum: "h1:v0KwryBjBeo79uqFrYQOllZk3l/nQvH/e4SZW45jhA8=",
  goModSum: "h1:hjXBiZYAGYT0+eha03nbQc6LxuFd8+TgQS7gSDBLyq4=",
  go: "1.26.3",
  seconds: 70,
} satisfies GoProgram;
