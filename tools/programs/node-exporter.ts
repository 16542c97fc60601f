import type { GoProgram } from "./program.ts";

export const nodeExporter = {
  name: "node_exporter",
  title: "node_exporter",
  version: "1.12.1",
  module: "github.com/prometheus/node_exporter",
  moduleVersion: "v1.12.1",
  package: "github.com/prometheus/node_exporter",
  sum: "h1:LzcZ6SqJRH2EULBz3Paa1t1uzQaaoo9domuz8FQDkiY=",
  goModSum: "h1:/fflK+t4sTJcBQhtxXvLSTNqKTlWHIdbgAmAIPmn0qU=",
  go: "1.25.0",
  ldflags: "-X github.com/prometheus/common/version.Version=1.12.1",
  seconds: 15,
} satisfies GoProgram;
