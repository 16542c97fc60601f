import type { Journal } from "../api/journal.ts";
import type { LabCore } from "../core.ts";
import type { LabFacts } from "../facts.ts";
import type { SshServers } from "../ssh/servers.ts";
import type { Store } from "../store.ts";

export interface ControlContext {
  lab: LabCore;
  journal: Journal;
  ssh: Pick<SshServers, "commands" | "clearCommands">;
  store: Pick<Store, "unsaved">;
  /** Bearer token. */
  token: string;
  endpoint: string;
  apis: LabFacts["apis"];
  guestPort: number;
}

/** Something the caller got wrong; answered with this status and `{"error": message}`. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
