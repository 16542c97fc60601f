import type { SshClient, SshSession } from "../connect/ssh/types.ts";
import { Problem } from "../model/problem.ts";
import { type Component, isGuest } from "./component.ts";

/** Gives the guest's session, or throws a Problem for a component that cannot be reached by SSH at all. */
export function sessionFor(component: Component, client: SshClient): () => SshSession {
  return () => {
    const address = isGuest(component) ? component.guest.address : null;
    if (!isGuest(component) || address === null) {
      throw new Problem({
        kind: "undetermined",
        code: "address-unknown",
        message: "its address is not known: it comes from DHCP, and the inventory does not have it",
        hint: `give ${component.name} a fixed address, or leave it out: --exclude ${component.name}`,
      });
    }
    return client.session({ host: address, port: component.guest.ssh_port, user: component.guest.ssh_user });
  };
}
