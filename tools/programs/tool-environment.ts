/**
 * The environment for running OpenTofu or Terraform apart from the user's own: `home` as HOME, the given CLI
 * configuration (empty: none), no TF_*, PROXMOX_VE_* or AWS_* of theirs, no questions and no update check.
 */
export function toolEnvironment(
  cliConfig: string,
  home: string,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(TF_|PROXMOX_VE_|AWS_|SSH_AUTH_SOCK$)/.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    TF_CLI_CONFIG_FILE: cliConfig,
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
  };
}
