import type { AskedGuest } from "./ask-guest.ts";
import type { ApiContext, Check, NetworkContext, Outcome, RunCheck, Subject } from "./check.ts";
import { type Component, type GuestComponent, isGuest, type Subjects } from "./component.ts";
import { outcomeOfNoAnswer } from "./unanswered.ts";

/** What the runner gives to all checks of a component. */
export interface CheckContext extends ApiContext, NetworkContext {
  /** The guest's answers; the first call connects. */
  guest(): AskedGuest;
}

export type Run = (context: CheckContext, settings: unknown) => Promise<Outcome>;

/** A check made ready for a component; undefined where it is not for that one. */
export function runFor(check: Check, component: Component): Run | undefined {
  switch (check.of) {
    case "api":
      return component.type === "api" ? ready(check, component) : undefined;
    case "node":
      return component.type === "node" ? ready(check, component) : undefined;
    case "guest":
      return isGuest(component) ? readyForGuest(check, component) : undefined;
    case "service":
      return component.type === "service" ? ready(check, component) : undefined;
  }
}

function ready<S extends Subject>(check: RunCheck<S>, component: Subjects[S]): Run | undefined {
  if (check.applies?.(component) === false) return undefined;
  return (context, settings) => check.run(component, context, settings);
}

function readyForGuest(check: Extract<Check, { of: "guest" }>, component: GuestComponent): Run | undefined {
  if (check.asks === "api" || check.asks === "network") return ready(check, component);
  if (check.applies?.(component) === false) return undefined;
  if (check.asks === "login") {
    return async (context, settings) => check.judge(component, await context.guest().login, settings);
  }
  return async (context, settings) => {
    const reply = await context.guest().replyTo(check);
    if (typeof reply === "string") return outcomeOfNoAnswer(reply, component.guest);
    return check.judge(component, reply, settings);
  };
}
