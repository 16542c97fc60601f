// Link-local (RFC 3927), so that it is no address of anyone's network; a machine reaches it through its gateway,
// which is the lab's bridge.
/** The address on the node's bridge at which the lab serves mirrors to its machines. */
export const mirrorAddress = "169.254.80.6";

const aptPort = 3142;
const dockerPort = 5000;

/** Where machines find packages (a flat apt repository) and images (a Docker registry). */
export const mirrorUrls = {
  apt: `http://${mirrorAddress}:${aptPort}/`,
  docker: `http://${mirrorAddress}:${dockerPort}`,
} as const;

export const mirrorPorts = { apt: aptPort, docker: dockerPort } as const;
