import type { Answer, Outcome, QuestionCheck } from "../check.ts";

/** Whether the Docker service runs, where it is meant to. */
export const docker: QuestionCheck = {
  asks: "guest",
  of: "guest",
  name: "docker",
  summary: "the Docker service is active, where the inventory says `docker: true`",
  needs: "ssh",
  applies: ({ guest }) => guest.docker,
  question: "systemctl is-active docker",
  judge: (_component, answer) => judge(answer),
};

const commandNotFound = 127;

function judge({ exitCode, output }: Answer): Outcome {
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
