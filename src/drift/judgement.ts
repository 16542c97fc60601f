import type { AttributeChange, Verdict } from "../model/drift.ts";
import type { Effect } from "../plan/effect.ts";

/** What was found out about one resource, before rules are applied and before it is put into words. */
export interface Judgement {
  verdict: Exclude<Verdict, "unmanaged" | "noise">;
  address: string;
  type: string;
  changes: AttributeChange[];
  /** What applying would do, where that is more than setting `changes`: `replace`, `create`, `delete`, … */
  effect?: Effect;
}
