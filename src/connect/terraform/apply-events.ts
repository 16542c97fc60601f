import { z } from "zod";
import { readJson } from "../../model/json.ts";
import { byLine } from "../lines.ts";

export const applyActions = ["create", "update", "delete"] as const;

export type ApplyAction = (typeof applyActions)[number];

/** Something that happens to a resource while a plan is carried out. A replacement is a `delete` and a `create`. */
export interface ApplyEvent {
  /** `running` comes every ten seconds. */
  step: "started" | "running" | "done" | "failed";
  address: string;
  action: ApplyAction;
  /** Since it was started. */
  seconds: number;
}

const steps = {
  apply_start: "started",
  apply_progress: "running",
  apply_complete: "done",
  apply_errored: "failed",
} as const;

// https://developer.hashicorp.com/terraform/internals/machine-readable-ui
const schema = z.object({
  type: z.enum(["apply_start", "apply_progress", "apply_complete", "apply_errored"]),
  hook: z.object({
    resource: z.object({ addr: z.string() }),
    action: z.enum(applyActions),
    elapsed_seconds: z.number().default(0),
  }),
});

/** Takes what `apply -json` prints as it arrives, and passes on what happens to resources; reading data is nothing. */
export function eventReader(onEvent: (event: ApplyEvent) => void): (text: string) => void {
  return byLine((line) => {
    if (!line.includes('"type":"apply_')) return;
    const parsed = schema.safeParse(readJson(line));
    if (!parsed.success) return;
    const { type, hook } = parsed.data;
    onEvent({
      step: steps[type],
      address: hook.resource.addr,
      action: hook.action,
      seconds: hook.elapsed_seconds,
    });
  });
}
