// node tools/start.mjs monitoring/samples/record.ts FILE JOB "PROGRAM VERSION, DATE, WHERE" URL
// Asks a running program for its metrics, and keeps them as a sample.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { reduced } from "./reduce.ts";

const [file, job, source, url] = process.argv.slice(2);
if (file === undefined || job === undefined || source === undefined || url === undefined) {
  console.error('usage: record.ts FILE JOB "PROGRAM VERSION, DATE, WHERE" URL');
  process.exit(2);
}
const response = await fetch(url);
if (!response.ok) throw new Error(`${url} answered ${response.status}`);
const text = `# recorded: ${source}\n# job: ${job}\n${reduced(await response.text())}`;
await writeFile(join(import.meta.dirname, `${file}.prom`), text);
