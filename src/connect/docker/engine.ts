import { readFileSync } from "node:fs";
import { z } from "zod";
import { readJson } from "../../model/json.ts";
import { Problem } from "../../model/problem.ts";
import { dockerFailure, dockerInstallation, runDocker } from "./docker.ts";

/** The Docker that the client reaches. */
export interface DockerEngine {
  /** `28.2.2` */
  version: string;
  /** Of the plugin `docker compose`. */
  composeVersion: string;
  /** The daemon runs as the caller: root of a container is the caller outside. */
  rootless: boolean;
  /** It cannot publish ports below this one. */
  lowestPort: number;
  /** The socket on this machine, `/var/run/docker.sock`. */
  socket: string;
  /** The address at which containers reach this machine; undefined where Docker has no default bridge here. */
  gateway: string | undefined;
}

/** Compose files of this project say `deploy`, `configs` and `secrets` as Compose of 2022 and Docker of 2020 know them. */
const oldest = { docker: "20.10", compose: "2.6" };

const versionSchema = z.object({ Server: z.object({ Version: z.string() }) });
const infoSchema = z.object({
  SecurityOptions: z.array(z.string()).nullish(),
  OperatingSystem: z.string().default(""),
});

/**
 * Asks the client, the daemon and Compose. Problems of kind `undetermined`: `docker-missing`, `docker-not-running`,
 * `docker-denied`, `docker-too-old`, `docker-remote`, `compose-missing`, `compose-too-old`.
 */
export async function inspectEngine(signal: AbortSignal): Promise<DockerEngine> {
  const ask = (...args: string[]) => runDocker({ args, signal, timeoutMs: 30_000 });
  const told = await ask("version", "--format", "{{json .}}");
  if (told.exitCode !== 0) throw dockerFailure("docker version", told);
  const version = versionSchema.safeParse(readJson(told.stdout)).data?.Server.Version;
  if (version === undefined || isOlder(version, oldest.docker)) throw tooOld("docker", version);
  const composeVersion = await versionOfCompose(ask);
  const asked = await ask("info", "--format", "{{json .}}");
  const info = infoSchema.safeParse(readJson(asked.stdout));
  if (asked.exitCode !== 0 || !info.success) throw dockerFailure("docker info", asked);
  const context = await ask("context", "inspect", "--format", "{{.Endpoints.docker.Host}}");
  const rootless = (info.data.SecurityOptions ?? []).some((option) => option.includes("rootless"));
  return {
    ...{ version, composeVersion, rootless },
    lowestPort: rootless ? firstUnprivilegedPort() : 1,
    socket: socketOf(context.stdout.trim(), info.data.OperatingSystem),
    gateway: await gatewayOf(ask),
  };
}

type Ask = (...args: string[]) => ReturnType<typeof runDocker>;

async function versionOfCompose(ask: Ask): Promise<string> {
  const { exitCode, stdout } = await ask("compose", "version", "--short");
  if (exitCode !== 0) {
    throw new Problem({
      kind: "undetermined",
      code: "compose-missing",
      message: "the monitoring stack needs Docker Compose, and `docker compose` is not there",
      hint: "https://docs.docker.com/compose/install/linux/, or apt install docker-compose-plugin (Docker's own packages), docker-compose (Debian 13), docker-compose-v2 (Ubuntu)",
    });
  }
  const version = stdout.trim().replace(/^v/, "");
  if (isOlder(version, oldest.compose)) throw tooOld("compose", version);
  return version;
}

/** Docker Desktop shows containers the usual path, wherever its socket is outside. */
function socketOf(host: string, system: string): string {
  const usual = "/var/run/docker.sock";
  if (host === "" || system.includes("Docker Desktop")) return usual;
  if (host.startsWith("unix://")) return host.slice("unix://".length);
  throw new Problem({
    kind: "undetermined",
    code: "docker-remote",
    message: `Docker at ${host} is another machine, and the files of the stack are on this one`,
    place: "DOCKER_HOST or the current docker context",
    hint: "unset DOCKER_HOST; docker context use default",
  });
}

function firstUnprivilegedPort(): number {
  try {
    return Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8"));
  } catch {
    return 1024;
  }
}

const addressing = z.array(z.object({ Subnet: z.string(), Gateway: z.string().optional() }));

async function gatewayOf(ask: Ask): Promise<string | undefined> {
  const { stdout } = await ask("network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}");
  const config = addressing.safeParse(readJson(stdout)).data ?? [];
  const [, network, gateway] =
    config
      .map(({ Subnet, Gateway }) => /^(\d+\.\d+\.\d+)\.0\/\d+ (.*)$/.exec(`${Subnet} ${Gateway ?? ""}`))
      .find((found) => found !== null) ?? [];
  // Docker 20.10 does not list the one it took by itself: the first address.
  return gateway || (network === undefined ? undefined : `${network}.1`);
}

function tooOld(what: "docker" | "compose", version: string | undefined): Problem {
  const name = what === "docker" ? "Docker" : "Docker Compose";
  return new Problem({
    kind: "undetermined",
    code: `${what}-too-old`,
    message: `${name} ${version ?? ""} is too old: ${oldest[what]} or newer is needed`.replace("  ", " "),
    hint: dockerInstallation,
  });
}

function isOlder(version: string, limit: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  const [leastMajor = 0, leastMinor = 0] = limit.split(".").map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
