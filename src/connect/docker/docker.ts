import { Problem } from "../../model/problem.ts";
import { callerEnvironment } from "../environment.ts";
import { type ChildResult, runChild } from "../process.ts";

export interface DockerCall {
  args: readonly string[];
  cwd?: string;
  signal?: AbortSignal;
  /** Milliseconds. */
  timeoutMs?: number;
  /** Gets stderr as it arrives: where compose says what it does. */
  onStderr?: (text: string) => void;
}

// Not COMPOSE_*: they would name another project, other files or other profiles.
const inherited =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|LANG|LC_.*|XDG_.*|SSH_AUTH_SOCK|DOCKER_(?!COMPOSE).*|BUILDKIT_.*|(https?|all|no)_proxy)$/i;

/** Runs `docker`; every exit code is a result. Problem `docker-missing`. */
export async function runDocker(call: DockerCall): Promise<ChildResult> {
  try {
    return await runChild({
      program: "docker",
      env: { ...callerEnvironment((name) => inherited.test(name)), DOCKER_CLI_HINTS: "false" },
      ...call,
    });
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.code !== "program-missing") throw cause;
    throw new Problem({
      kind: "undetermined",
      code: "docker-missing",
      message: "the monitoring stack needs Docker, and the program docker was not found",
      hint: dockerInstallation,
      cause,
    });
  }
}

export const dockerInstallation =
  "install Docker with Compose: https://docs.docker.com/engine/install/, or on Debian 13: apt install docker.io docker-compose";

/** Problems `docker-denied`, `docker-not-running` or `docker-failed`, by what the client says on stderr. */
export function dockerFailure(what: string, { stdout, stderr }: ChildResult): Problem {
  const said = lastLine(stderr) || lastLine(stdout) || "it said nothing";
  const { code, message, hint } = meanings.find(({ pattern }) => pattern.test(stderr)) ?? failed;
  return new Problem({ kind: "undetermined", code, message: `${what}: ${message}${said}`, hint });
}

const failed = {
  code: "docker-failed",
  message: "",
  hint: "docker info says whether Docker itself works",
};

const meanings = [
  {
    pattern:
      /pull access denied|manifest (unknown|for .* not found)|Get "https?:\/\/[^"]*\/v2\/|toomanyrequests/i,
    code: "docker-image",
    message: "an image cannot be downloaded: ",
    hint: "try again once the registry answers, or name another image: pve-home stack up --image traefik=traefik:v3.7.9",
  },
  {
    pattern: /permission denied while trying to connect|dial unix .*permission denied/i,
    code: "docker-denied",
    message: "this user may not use Docker: ",
    hint: "sudo usermod -aG docker $USER, then log in again; or Docker without root: https://docs.docker.com/engine/security/rootless/",
  },
  {
    pattern: /cannot connect to the docker daemon|is the docker daemon running|error during connect/i,
    code: "docker-not-running",
    message: "Docker does not run: ",
    hint: "sudo systemctl start docker; on macOS or Windows start Docker Desktop",
  },
];

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
