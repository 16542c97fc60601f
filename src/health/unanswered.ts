import type { Guest } from "../model/inventory.ts";
import type { Outcome } from "./check.ts";
import { noAnswer } from "./outcome.ts";
import { limitSeconds, maxAnswerBytes } from "./probe.ts";
import type { Reply } from "./probe-output.ts";

/** Where docs/restricted-key.md puts the probe on a guest. */
const installedProbe = "/usr/local/lib/pve-home/probe";

/** What it means that a question has no answer. */
export function outcomeOfNoAnswer(reply: Extract<Reply, string>, guest: Guest): Outcome {
  switch (reply) {
    case "timed-out":
      return { status: "fail", code: noAnswer, detail: `logged in, and no answer within ${limitSeconds} s` };
    case "too-much": {
      const detail = `the answer is longer than ${maxAnswerBytes / 1024} KiB`;
      return { status: "fail", code: "ssh-too-much", detail };
    }
    case "unasked":
      return {
        status: "unknown",
        code: "probe-outdated",
        detail: "the probe that is installed on the guest does not ask this",
        hint: installHint(guest),
      };
  }
}

/** Replaces the probe on the guest, with a key that is not restricted. */
export function installHint({ address, ssh_port: port, ssh_user: user }: Guest): string {
  const place = `${port === 22 ? "" : `-p ${port} `}${user}@${address}`;
  const write = `${user === "root" ? "" : "sudo "}tee ${installedProbe} >/dev/null`;
  return `with a key that is not restricted: pve-home health --print-probe | ssh ${place} '${write}'`;
}
