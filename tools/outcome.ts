/** What a step of the check found: `skipped` is why there is nothing to check, `failed` what to read. */
export type Outcome = "ok" | { readonly skipped: string } | { readonly failed: string };

/** All is well, or every failure in turn. */
export function outcomeOf(failures: readonly string[]): Outcome {
  return failures.length === 0 ? "ok" : { failed: failures.map((text) => text.trimEnd()).join("\n\n") };
}
