import { sshExecRetry } from "../../connect/ssh/exec-retry.ts";
import type { CommandResult } from "../../connect/ssh/types.ts";
import type { CheckOf, Outcome } from "../check.ts";
import { sshLimits } from "../session.ts";

/** Whether the Docker service runs, where it is meant to. */
export const docker: CheckOf<"guest"> = {
  of: "guest",
  name: "docker",
  summary: "the Docker service is active, where the inventory says `docker: true`",
  inside: true,
  needs: "ssh",
  applies: ({ guest }) => guest.docker,
  run: async (_component, context) =>
    judge(await sshExecRetry(context.ssh(), "systemctl is-active docker", sshLimits(context))),
};

const commandNotFound = 127;

function judge({ exitCode, output }: CommandResult): Outcome {
  const lines = output.trim().split("\n");
  const state = lines.at(-1)?.trim() ?? "";
  if (exitCode === 0) return { status: "ok", detail: "active" };
  if (exitCode === commandNotFound) {
    return { status: "unknown", detail: "the guest has no systemctl to ask", code: "docker-unasked" };
  }
  const facts = { expected: "active", actual: state === "" ? `exit code ${exitCode}` : state };
  if (state === "activating") return { status: "pending", detail: "Docker is starting", ...facts };
  return {
    status: "fail",
    detail: state === "failed" ? "Docker has failed" : `Docker is ${state === "" ? "not active" : state}`,
    code: "docker-inactive",
    hint: "on the guest: systemctl status docker; journalctl -u docker -n 50",
    ...facts,
  };
}
