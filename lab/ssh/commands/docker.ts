import type { Answer, CommandGroup } from "./command.ts";
import { dockerState } from "./systemd.ts";

const version = "29.0.1";
const noDaemon =
  "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n";

/** The Docker client; the lab's guests run no containers. */
export const docker: CommandGroup = {
  docker: ({ args, machine }): Answer | undefined => {
    const state = dockerState(machine);
    if (state === undefined) return { code: 127, err: "sh: 1: docker: not found\n" };
    const [verb = "", ...rest] = args;
    const options = rest.join(" ");
    if (verb === "--version" && options === "") return { out: `Docker version ${version}, build 8108357\n` };
    const answer = answers[verb]?.(options);
    if (answer === undefined) return undefined;
    return state === "active" ? { out: answer } : { code: 1, err: noDaemon };
  },
};

const answers: Record<string, (options: string) => string | undefined> = {
  info: (options) => {
    if (options === "") return ` Containers: 0\n  Running: 0\n Images: 0\n Server Version: ${version}\n`;
    return /^(?:--format|-f)[ =]\{\{ ?\.ServerVersion ?\}\}$/.test(options) ? `${version}\n` : undefined;
  },
  ps: (options) => {
    if (["-q", "-aq", "-qa"].includes(options)) return "";
    const header = "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n";
    return options === "" || options === "-a" ? header : undefined;
  },
};
