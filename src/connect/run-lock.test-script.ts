import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { withRunLock } from "./run-lock.ts";

// A process of the tests: `node run-lock.test-script.ts FILE add COUNTER` counts one up, slowly; `… hold` says that it
// has the lock, and holds it until it is ended; `… exit` ends in the middle of its work.
const [file = "", act, counter = ""] = process.argv.slice(2);

await withRunLock({ file, what: `test ${act}`, timeoutMs: 120_000 }, async () => {
  if (act === "add") {
    const before = Number(readFileSync(counter, "utf8"));
    appendFileSync(`${counter}.log`, "in ");
    await sleep(5);
    appendFileSync(`${counter}.log`, "out ");
    writeFileSync(counter, String(before + 1));
    return;
  }
  process.stdout.write("held\n");
  if (act === "exit") process.exit(5);
  await sleep(600_000);
});
