import { dockerFailure, runDocker } from "./docker.ts";

/** Folders of Compose projects that have containers in a network, each once. */
export async function projectsInNetwork(network: string, signal: AbortSignal): Promise<string[]> {
  const format = '{{.Label "com.docker.compose.project.working_dir"}}';
  const args = ["ps", "--all", "--filter", `network=${network}`, "--format", format];
  const result = await runDocker({ args, signal, timeoutMs: 30_000 });
  if (result.exitCode !== 0) throw dockerFailure("docker ps", result);
  return [...new Set(result.stdout.split("\n").filter((line) => line.trim() !== ""))];
}
