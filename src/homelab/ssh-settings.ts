import type { SshSettings } from "../connect/ssh/types.ts";
import { type Configuration, settingPath } from "./configuration.ts";
import { knownHostsFile } from "./state-directory.ts";

/** The SSH client as the settings want it. */
export function sshSettings(
  configuration: Configuration,
  environment: Record<string, string | undefined>,
): SshSettings {
  const { ssh } = configuration.settings;
  const path = (value: string) => settingPath(configuration, value);
  return {
    knownHostsFile: knownHostsFile(configuration, environment),
    concurrency: ssh.concurrency,
    ...(ssh.identity_file === undefined ? {} : { identityFile: path(ssh.identity_file) }),
    ...(ssh.config === undefined ? {} : { userConfigFile: ssh.config === "none" ? null : path(ssh.config) }),
  };
}
