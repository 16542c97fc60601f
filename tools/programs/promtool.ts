import type { GoProgram } from "./program.ts";

export const promtool = {
  name: "promtool",
  title: "promtool (Prometheus)",
  version: "3.15.0",
  module: "github.com/prometheus/prometheus",
  moduleVersion: "v0.315.0",
  package: "github.com/prometheus/prometheus/cmd/promtool",
  sum: "h1:sFGZWmC2Hk9N1NBJGCnXYZb5hyLCq8yuAMoEjLAg6ac=",
  goModSum: "h1:B+80h4JO0zXpoFCiWStHtpsAWrEOwY24B9/CLgzUIuc=",
  go: "1.26.0",
  ldflags: "-X github.com/prometheus/common/version.Version=3.15.0",
  seconds: 200,
} satisfies GoProgram;
