import type { GoProgram } from "./program.ts";

/** A plugin of the docker command, and a program by itself. */
export const dockerCompose = {
  name: "docker-compose",
  title: "Docker Compose",
  version: "2.40.3",
  module: "github.com/docker/compose/v2",
  moduleVersion: "v2.40.3",
  package: "github.com/docker/compose/v2/cmd",
  sum: "h1:XeYkQu1svDtyfZPv5nTwFryQ25ZJMkIlc4pz9HalMPI=",
  goModSum: "h1:iNY1tvoHTyN3C3QHCuWAgj3OjR2T6mGkk/qxfbBF/4M=",
  go: "1.24.9",
  ldflags: "-X github.com/docker/compose/v2/internal.Version=v2.40.3",
  seconds: 90,
} satisfies GoProgram;
