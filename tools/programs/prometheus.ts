import type { GoProgram } from "./program.ts";

// Built without the web page's assets (the module has none): its API is whole.
const module = {
  version: "3.15.0",
  module: "github.com/prometheus/prometheus",
  moduleVersion: "v0.315.0",
  sum: "h1:sFGZWmC2Hk9N1NBJGCnXYZb5hyLCq8yuAMoEjLAg6ac=",
  goModSum: "h1:B+80h4JO0zXpoFCiWStHtpsAWrEOwY24B9/CLgzUIuc=",
  go: "1.26.0",
  ldflags: "-X github.com/prometheus/common/version.Version=3.15.0",
};

export const prometheus = {
  ...module,
  name: "prometheus",
  title: "Prometheus",
  package: "github.com/prometheus/prometheus/cmd/prometheus",
  seconds: 200,
} satisfies GoProgram;

export const promtool = {
  ...module,
  name: "promtool",
  title: "promtool (Prometheus)",
  package: "github.com/prometheus/prometheus/cmd/promtool",
  seconds: 200,
} satisfies GoProgram;
