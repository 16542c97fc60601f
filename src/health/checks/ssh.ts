import { checkSshAccess } from "../../connect/ssh/exec-retry.ts";
import type { CheckOf } from "../check.ts";
import { sshLimits } from "../session.ts";

/** Whether the guest lets us in and runs a command. */
export const ssh: CheckOf<"guest"> = {
  of: "guest",
  name: "ssh",
  summary: "login by SSH and one command",
  inside: true,
  run: async (_component, context) => {
    await checkSshAccess(context.ssh(), sshLimits(context));
    return { status: "ok", detail: "login works" };
  },
};
