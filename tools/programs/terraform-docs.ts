import type { GoProgram } from "./program.ts";

export const terraformDocs = {
  name: "terraform-docs",
  title: "terraform-docs",
  version: "0.20.0",
  exact: true,
  module: "github.com/terraform-docs/terraform-docs",
  moduleVersion: "v0.20.0",
  package: "github.com/terraform-docs/terraform-docs",
  sum: "h1:qg0gtYlecCLDgEoJ+KqeAfYDc1iDDmOaF8may9iK444=",
  goModSum: "h1:wNwRd0HM4G78v8ZtNXVPtCyp0/i/79wtMYr3hmekZGw=",
  go: "1.23.0",
  seconds: 25,
} satisfies GoProgram;
