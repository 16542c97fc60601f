import { join } from "node:path";
import { runChild } from "./child.ts";
import { type GoProgram, ProgramError } from "./program.ts";
import { atLeast, parseVersion, type Version } from "./version.ts";

/** The first Go that fetches a newer compiler by itself, where it is allowed to. */
const firstWithToolchains: Version = [1, 21, 0];

/**
 * The environment of every `go` we start: settings of ours, whatever the user's GOFLAGS, GOOS or workspace
 * say. Go's own caches stay where the user has them; without a HOME they go to `cache`.
 */
export function goEnvironment(env: NodeJS.ProcessEnv, cache: string): NodeJS.ProcessEnv {
  const ours: NodeJS.ProcessEnv = {
    ...env,
    CGO_ENABLED: "0",
    GO111MODULE: "on",
    GOFLAGS: "-mod=mod",
    GOWORK: "off",
  };
  delete ours.GOOS;
  delete ours.GOARCH;
  if (!env.HOME) {
    ours.GOPATH ||= join(cache, "go");
    ours.GOCACHE ||= join(cache, "go-build");
  }
  return ours;
}

/** Checks that Go is there and new enough for a program, or may fetch a compiler that is. */
export async function requireGo(program: GoProgram, env: NodeJS.ProcessEnv): Promise<void> {
  const what = `to build ${program.title} ${program.version}`;
  const get = `Install Go ${program.go} or newer from https://go.dev/dl/ and put its bin folder on PATH`;
  const found = await runChild("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { env });
  if (found.code !== 0) {
    throw new ProgramError(
      "go-missing",
      `go was not found on PATH; it is needed ${what}`,
      alternative(program, get),
    );
  }
  const [line = "", toolchain = ""] = found.stdout.split("\n");
  const has = parseVersion(line);
  const needs = parseVersion(program.go);
  if (has === undefined || needs === undefined || atLeast(has, needs)) return;
  if (atLeast(has, firstWithToolchains) && toolchain !== "local") return;
  throw new ProgramError(
    "go-too-old",
    `${line} on PATH is too old ${what}, which needs ${program.go}`,
    alternative(program, toolchain === "local" ? `${get}, or set GOTOOLCHAIN=auto` : get),
  );
}

function alternative(program: GoProgram, get: string): string {
  if (program.name === "tofu") {
    return `${get}; or install OpenTofu or Terraform 1.10 or newer (https://opentofu.org/docs/intro/install/).`;
  }
  if (program.name.startsWith("terraform-provider-")) {
    return `${get}; or run where the provider registry can be reached.`;
  }
  return `${get}; or install ${program.name} itself.`;
}
