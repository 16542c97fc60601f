import { isIP } from "node:net";
import { join } from "node:path";
import { systemClock } from "../connect/clock.ts";
import { composeContainers } from "../connect/docker/compose.ts";
import { type DockerEngine, inspectEngine } from "../connect/docker/engine.ts";
import { makeFolder } from "../connect/files.ts";
import { loadConfiguration } from "../homelab/configuration.ts";
import { Problem } from "../model/problem.ts";
import { refuseUnusablePorts } from "../stack/ports.ts";
import { readRecord } from "../stack/record.ts";
import { type GivenVariables, renderStack } from "../stack/render.ts";
import { type ServiceStatus, stackStatus } from "../stack/status.ts";
import { placeStack, refuseForeignFolder, refuseStackElsewhere, startStack } from "../stack/up.ts";
import { refuseInterrupted } from "./check-run.ts";
import { confirm } from "./confirm.ts";
import { exitCodes } from "./exit-code.ts";
import type { Io } from "./io.ts";
import type { UpFlags } from "./stack.ts";
import { commandFor, composeProject, isOfLab, stackFolder, stackRun } from "./stack-place.ts";
import { statusText } from "./stack-text.ts";
import { watchedHomelab, watchedLab } from "./stack-watched.ts";

export async function runUp(io: Io, flags: UpFlags): Promise<void> {
  const configuration = loadConfiguration(io.cwd, flags.config);
  const run = stackRun(io, configuration);
  const engine = await inspectEngine(io.interrupted);
  const folder = stackFolder(io, configuration, flags);
  const project = composeProject(io, folder);
  await refuseStackElsewhere(project);
  const owner = containerUser(engine);
  const known = readRecord(folder);
  // Said once: the next call leaves the stack as it is.
  const ports = { ...known?.ports, ...flags.port };
  const images = { ...known?.images, ...flags.image };
  const render = (given: GivenVariables) =>
    renderStack(run, {
      ...{ ports, images },
      // To try it on one machine; the stack of a homelab is for others, and takes the logs of guests.
      ...(flags.lab ? { bind_address: "127.0.0.1" } : {}),
      ...{ container_user: owner, docker_socket: engine.socket, node_exporter_container: true },
      ...given,
    });
  if (known) refuseOtherKind(folder, flags);
  const before = known ? await composeContainers(project) : [];
  const usable = {
    ...{ engine, command: commandFor("up", flags), given: ports },
    own: before.flatMap((container) => container.ports),
  };
  if (flags.lab) {
    // Files and ports do not depend on what is watched, and the lab is not started for a stack that cannot be.
    const declared = await render({ inventories: [] });
    refuseForeignFolder(folder, declared);
    await refuseUnusablePorts(declared, usable);
  }
  const watched = flags.lab
    ? await watchedLab(io, folder, engine)
    : await watchedHomelab(io, configuration, folder, flags);
  io.log(`rendering the stack as ${run.directory} declares it`);
  const rendered = await render({ ...watched.given, textfile_directory: watched.metrics });
  await refuseUnusablePorts(rendered, usable);
  const leaving = before.filter(({ service }) => rendered.services[service]?.container !== true);
  if (leaving.length > 0) {
    const names = leaving.map(({ service }) => service).join(", ");
    await confirm(
      io,
      `Remove the containers of ${names}, which are not declared any more? Their data is kept.`,
      { yes: flags.yes, preview: false },
    );
  }
  makeFolder(watched.metrics);
  const reloads = await placeStack({
    ...{ folder, rendered, owner, ports, images, now: systemClock.now() },
    secrets: await watched.secrets(rendered.secrets),
    secretPlace: watched.secretPlace,
  });
  refuseInterrupted(io);
  await startStack(project, before, reloads);
  await watched.check();
  const services = stackStatus(rendered, await composeContainers(project));
  const words = [
    ...(rendered.certificates === null
      ? []
      : [`For browsers to import (docs/HTTPS.md): ${join(folder, rendered.certificates.ca)}`]),
    ...(rendered.services["uptime-kuma"] === undefined
      ? []
      : [
          `Uptime Kuma's user and monitors: ${commandFor("sync", flags)}; until then the first visitor makes the user`,
        ]),
    ...watched.words,
  ];
  io.out(
    [statusText(services, io), "", ...lastWords(folder, flags, [...namesWords(services), ...words])].join(
      "\n",
    ),
  );
  if (services.some(({ healthy }) => !healthy)) io.exitCode = exitCodes.found;
}

/** Stopping the one of a lab removes all its data, and that of the other is not to be lost that way. */
function refuseOtherKind(folder: string, flags: UpFlags): void {
  if (isOfLab(folder) === (flags.lab === true)) return;
  const [there, asked] = flags.lab
    ? ["the homelab", "a simulated one"]
    : ["a simulated Proxmox VE", "the homelab"];
  throw new Problem({
    kind: "usage",
    code: "stack-other-kind",
    message: `the stack in ${folder} watches ${there}, not ${asked}`,
    place: folder,
    hint: flags.lab ? "leave --folder out, or name another one" : `add --lab, or name another --folder`,
  });
}

/** The caller, so that the data is the caller's; root gives it to a user that is nothing else. */
function containerUser({ rootless }: DockerEngine): string {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (rootless) return "0:0";
  return uid === 0 ? "10001:10001" : `${uid}:${gid}`;
}

/** Lines of a hosts file, each within 80 columns. */
function namesWords(services: readonly ServiceStatus[]): string[] {
  const hosts = services.flatMap(({ url }) => (url === null ? [] : [new URL(url).hostname]));
  const names = hosts.filter((host) => isIP(host) === 0).sort();
  if (names.length === 0) return [];
  const lines = names.reduce<string[]>((all, name) => {
    const longer = `${all.at(-1)} ${name}`;
    return all.length > 0 && longer.length <= 80 ? all.with(-1, longer) : [...all, `127.0.0.1 ${name}`];
  }, []);
  return ["The names need DNS (docs/DNS-CONFIGURATION.md), or on this machine in /etc/hosts:", ...lines];
}

function lastWords(folder: string, flags: UpFlags, words: readonly string[]): string[] {
  return [
    `Grafana: user admin, password in ${join(folder, "secrets/grafana-admin-password")}`,
    ...words,
    `To stop it: ${commandFor("down", flags)}`,
  ];
}
