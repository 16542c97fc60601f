import type { Check } from "../check.ts";
import { agent } from "./agent.ts";
import { api } from "./api.ts";
import { docker } from "./docker.ts";
import { http } from "./http.ts";
import { node } from "./node.ts";
import { ping } from "./ping.ts";
import { proxmox } from "./proxmox.ts";
import { ssh } from "./ssh.ts";

/** Every check, in the order of the rows. */
export const checks: readonly Check[] = [api, node, proxmox, ping, ssh, docker, agent, http];
