/**
 * What a check can say. `unknown` could not be determined and is never counted as healthy; `pending` is on its
 * way (booting, locked by a backup); `skipped` was left out on purpose and always carries the reason.
 */
export const statuses = ["fail", "unknown", "warn", "pending", "ok", "skipped"] as const;

export type Status = (typeof statuses)[number];

/** The worst of several statuses, in the order of `statuses`; `skipped` where there is none. */
export function worstStatus(all: Iterable<Status>): Status {
  const seen = new Set(all);
  return statuses.find((status) => seen.has(status)) ?? "skipped";
}
