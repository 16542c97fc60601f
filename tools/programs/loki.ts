import type { GoProgram } from "./program.ts";

const build = "-X github.com/grafana/loki/v3/pkg/util/build.Version=";

const newest = {
  version: "3.7.8",
  module: "github.com/grafana/loki/v3",
  moduleVersion: "v3.7.8",
  sum: "h1:bJ0WFWVOjgvG/jYmT9fIX15SYXXDwuEu/IMgTwMA97U=",
  goModSum: "h1:SubN2HoviBLMmtr/jiMLom/3l3I9CIl8NvWIAEVa2C0=",
  go: "1.26.5",
  ldflags: `${build}3.7.8`,
};

const floor = {
  version: "3.5.0",
  module: "github.com/grafana/loki/v3",
  moduleVersion: "v3.5.0",
  sum: "h1:WXv9EOTUrYXqrzgWT4srpp8HWrcHDVaEWDUd3UevyxY=",
  goModSum: "h1:BQiwDJF7fXVjFuKsN9U2uojfA2wE3sWOXbRFdN4y0mQ=",
  go: "1.24.0",
  ldflags: `${build}3.5.0`,
};

export const loki = {
  ...newest,
  name: "loki",
  title: "Loki",
  package: "github.com/grafana/loki/v3/cmd/loki",
  seconds: 240,
} satisfies GoProgram;

/** The oldest Loki that the stack's configuration is for. */
export const lokiFloor = {
  ...floor,
  name: "loki",
  title: "Loki",
  package: "github.com/grafana/loki/v3/cmd/loki",
  seconds: 200,
} satisfies GoProgram;

// The last line with Promtail's sources ends before 3.7. Without cgo it does not read systemd's journal.
export const promtail = {
  ...floor,
  name: "promtail",
  title: "Promtail",
  package: "github.com/grafana/loki/v3/clients/cmd/promtail",
  seconds: 200,
} satisfies GoProgram;
