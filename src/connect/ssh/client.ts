import type { Clock } from "../clock.ts";
import type { SshClient, SshSettings } from "./types.ts";

export interface SshDependencies {
  clock?: Clock;
  /** The client program; `ssh` on PATH by default. */
  program?: string;
  /** Where `.ssh` is looked for; the caller's home by default. */
  home?: string;
}

export declare function createSshClient(settings: SshSettings, dependencies?: SshDependencies): SshClient;
