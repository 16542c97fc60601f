export interface ClientConfigFacts {
  /** Offered in this order, besides the agent's and those the included files name. */
  identityFiles: string[];
  /** Read in this order. */
  knownHostsFiles: string[];
  /** The user's and the system's configuration, those that exist. */
  includes: string[];
  /** Key exchanges to put before the client's default ones. */
  preferredKex: string[];
}

/**
 * The ssh_config of every connection. In it the first value of an option wins (IdentityFile: all count), so what
 * must hold comes before the included files and what they may override after them.
 */
export function clientConfig(facts: ClientConfigFacts): string {
  const identities = facts.identityFiles.length === 0 ? ["none"] : facts.identityFiles.map(pathArgument);
  return [
    "BatchMode yes",
    "StrictHostKeyChecking yes",
    `UserKnownHostsFile ${facts.knownHostsFiles.map(pathArgument).join(" ")}`,
    "UpdateHostKeys no",
    "ServerAliveInterval 5",
    "ServerAliveCountMax 3",
    // A shared connection was opened under the user's own rules, and one that hangs would hang us.
    "ControlMaster no",
    "ControlPath none",
    "ForwardAgent no",
    "ForwardX11 no",
    "ClearAllForwardings yes",
    "PermitLocalCommand no",
    "RemoteCommand none",
    "RequestTTY no",
    "LogLevel ERROR",
    ...identities.map((identity) => `IdentityFile ${identity}`),
    ...facts.includes.flatMap((file) => [`Include ${quoted(file)}`, "Host *"]),
    ...(facts.preferredKex.length === 0 ? [] : [`KexAlgorithms ^${facts.preferredKex.join(",")}`]),
    "",
  ].join("\n");
}

/** Where the option knows tokens such as `%h`. */
function pathArgument(path: string): string {
  return quoted(path.replaceAll("%", "%%"));
}

function quoted(path: string): string {
  return `"${path}"`;
}
