import { hasFault } from "../../core.ts";
import type { Machine } from "../machine.ts";
import type { Answer, CommandGroup } from "./command.ts";

export type UnitState = "active" | "inactive" | "failed";

/** The state of the Docker service, faults included; undefined where Docker is not installed. */
export function dockerState(machine: Machine): UnitState | undefined {
  if (machine.kind === "node" || machine.guest.inside.docker === "absent") return undefined;
  if (hasFault(machine.context.world, "docker-down", machine.target)) return "failed";
  return machine.guest.inside.docker;
}

/** The state of a unit; undefined where there is no such unit. */
function unitState(machine: Machine, name: string): UnitState | undefined {
  const unit = name.replace(/\.service$/, "");
  if (unit === "docker") return dockerState(machine);
  if (unit === "containerd") return dockerState(machine) && "active";
  if (["ssh", "sshd", "cron", "dbus", "systemd-journald"].includes(unit)) return "active";
  if (machine.kind === "node") return nodeUnits.includes(unit) ? "active" : undefined;
  if (unit === "qemu-guest-agent") return agentState(machine.guest.inside.agent);
  return undefined;
}

const nodeUnits = ["pveproxy", "pvedaemon", "pvestatd", "pve-cluster", "pve-firewall", "pvescheduler"];

function agentState(agent: "running" | "silent" | "absent"): UnitState | undefined {
  return agent === "absent" ? undefined : "active";
}

/** systemctl(1): codes and words of systemd 257. */
export const systemd: CommandGroup = {
  systemctl: ({ args, machine }) => {
    const quiet = args.includes("-q") || args.includes("--quiet");
    const [verb, ...units] = args.filter((arg) => arg !== "-q" && arg !== "--quiet");
    if (args.some((arg) => arg.startsWith("-") && arg !== "-q" && arg !== "--quiet")) return undefined;
    const answer = verbs[verb ?? ""]?.(machine, units);
    return answer && quiet ? { code: answer.code ?? 0 } : answer;
  },
};

const verbs: Record<string, (machine: Machine, units: string[]) => Answer | undefined> = {
  // 0 when any is active; else 3, or 4 when there is no such unit, which is called inactive all the same.
  "is-active": (machine, units) => {
    if (units.length === 0) return undefined;
    const states = units.map((unit) => unitState(machine, unit));
    const code = states.includes("active") ? 0 : states.some((state) => state !== undefined) ? 3 : 4;
    return { code, out: states.map((state) => `${state ?? "inactive"}\n`).join("") };
  },
  "is-failed": (machine, units) => {
    const states = units.map((unit) => unitState(machine, unit) ?? "inactive");
    return { code: states.includes("failed") ? 0 : 1, out: states.map((state) => `${state}\n`).join("") };
  },
  "is-enabled": (machine, units) => {
    const known = units.filter((unit) => unitState(machine, unit) !== undefined);
    const missing = units.length - known.length;
    const out = units.map((unit) => (known.includes(unit) ? "enabled\n" : "not-found\n")).join("");
    return { code: missing === units.length ? 4 : 0, out };
  },
  "is-system-running": (machine) =>
    dockerState(machine) === "failed" ? { code: 1, out: "degraded\n" } : { out: "running\n" },
};
