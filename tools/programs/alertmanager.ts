import type { GoProgram } from "./program.ts";

// From 0.32 on, the module lacks the web page's assets, without which it does not compile.
const module = {
  version: "0.31.1",
  module: "github.com/prometheus/alertmanager",
  moduleVersion: "v0.31.1",
  sum: "h1:eAmIC42lzbWslHkMt693T36qdxfyZULswiHr681YS3Q=",
  goModSum: "h1:zWPQwhbLt2ybee8rL921UONeQ59Oncash+m/hGP17tU=",
  go: "1.24.0",
  ldflags: "-X github.com/prometheus/common/version.Version=0.31.1",
};

export const alertmanager = {
  ...module,
  name: "alertmanager",
  title: "Alertmanager",
  package: "github.com/prometheus/alertmanager/cmd/alertmanager",
  seconds: 25,
} satisfies GoProgram;

export const amtool = {
  ...module,
  name: "amtool",
  title: "amtool (Alertmanager)",
  package: "github.com/prometheus/alertmanager/cmd/amtool",
  seconds: 30,
} satisfies GoProgram;
