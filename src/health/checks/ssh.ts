import { checkSshAccess } from "../../connect/ssh/exec-retry.ts";
import type { Check } from "../check.ts";
import { type GuestComponent, isGuest } from "../component.ts";
import { sshLimits } from "../session.ts";

/** Whether the guest lets us in and runs a command. */
export const ssh: Check<GuestComponent> = {
  name: "ssh",
  summary: "login by SSH and one command",
  inside: true,
  applies: isGuest,
  run: async (_component, context) => {
    await checkSshAccess(context.ssh(), sshLimits(context));
    return { status: "ok", detail: "login works" };
  },
};
