import type { LoginCheck } from "../check.ts";
import { installHint } from "../unanswered.ts";

/** Whether the guest lets us in and answers. */
export const ssh: LoginCheck = {
  asks: "login",
  of: "guest",
  name: "ssh",
  summary: "login by SSH, over which the guest answers",
  judge: ({ guest }, { outdated }) => {
    if (!outdated) return { status: "ok", detail: "login works" };
    return {
      status: "warn",
      detail: "login works, and the probe that is installed on the guest is not the current one",
      code: "probe-outdated",
      hint: installHint(guest),
    };
  },
};
