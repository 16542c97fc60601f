import { z } from "zod";
import { readJson } from "../../model/json.ts";
import type { Log } from "../../model/progress.ts";
import { byLine } from "../lines.ts";

const schema = z.object({ "@level": z.string(), "@message": z.string(), type: z.string() });

/** Said at the start of every run, or said again by its result. */
const idle = ["version", "diagnostic", "outputs", "change_summary"];

/** Takes what `-json` prints as it arrives, and passes on the lines for people. */
export function progressReader(progress: Log): (text: string) => void {
  return byLine((line) => {
    const parsed = schema.safeParse(readJson(line));
    if (!parsed.success || idle.includes(parsed.data.type)) return;
    for (const part of parsed.data["@message"].split("\n")) {
      if (part.trim() !== "") progress(part.trim());
    }
  });
}
