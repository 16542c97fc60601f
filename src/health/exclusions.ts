import { readTextFile } from "../connect/read-file.ts";
import { codeOf, reasonOf } from "../connect/system-error.ts";
import { brief, patternFault } from "../homelab/pattern.ts";
import type { LastingExclusion } from "../homelab/select.ts";
import { isProblem, Problem } from "../model/problem.ts";

/** The file of the requirements, where there is one. */
export const usualExclusionsFile = "/etc/pve-health/exclusions.conf";

/**
 * Reads an exclusions file: one kind, name or glob a line, `#` starts a comment. A file that is not there
 * excludes nothing, unless `required` (it was named by hand). Anything else that cannot be read is a
 * `configuration` Problem with file and line.
 */
export function readExclusions(file: string, options: { required?: boolean } = {}): LastingExclusion[] {
  try {
    return parseExclusions(readTextFile(file), file);
  } catch (cause) {
    if (isProblem(cause)) throw cause;
    if (codeOf(cause) === "ENOENT" && options.required !== true) return [];
    throw new Problem({
      kind: "configuration",
      code: "exclusions-unreadable",
      message: `the exclusions file cannot be read: ${reasonOf(cause)}`,
      place: file,
      cause,
    });
  }
}

/** The same for text that is already here; `file` is what places are called by. */
export function parseExclusions(text: string, file: string): LastingExclusion[] {
  return text.split(/\r?\n/).flatMap((line, index): LastingExclusion[] => {
    const pattern = line.replace(/#.*/, "").trim();
    if (pattern === "") return [];
    const place = `${file}:${index + 1}`;
    const fault = patternFault(pattern);
    if (fault === undefined) return [{ pattern, place }];
    throw new Problem({
      kind: "configuration",
      code: "exclusion-malformed",
      message: `the exclusion "${brief(pattern)}" ${fault}`,
      place,
      hint: "one a line: a kind (vm), a name (web) or a glob (web-*)",
    });
  });
}
