import { homedir } from "node:os";
import { join } from "node:path";
import { type Configuration, settingPath } from "./configuration.ts";

/** Where the last results and the host keys are kept: the setting, systemd's choice, or the XDG folder. */
export function stateDirectory(
  configuration: Configuration,
  environment: Record<string, string | undefined>,
): string {
  const setting = configuration.settings.state_directory;
  if (setting !== undefined) return settingPath(configuration, setting);
  if (environment.STATE_DIRECTORY) return environment.STATE_DIRECTORY;
  return join(environment.XDG_STATE_HOME || join(homedir(), ".local/state"), "pve-home");
}

/** The file of the host keys that were read from the guests. */
export function knownHostsFile(
  configuration: Configuration,
  environment: Record<string, string | undefined>,
): string {
  const setting = configuration.settings.ssh.known_hosts;
  return setting === undefined
    ? join(stateDirectory(configuration, environment), "known_hosts")
    : settingPath(configuration, setting);
}
