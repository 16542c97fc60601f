// Runs inside the namespaces that test-stack.ts makes: Docker, the images, and the tests of test/stack.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Counts, nothing } from "./counts.ts";
import { startDockerd } from "./dockerd.ts";
import { phase } from "./phase.ts";
import { runChild } from "./programs/child.ts";
import { buildProgram } from "./programs/index.ts";
import { buildImages } from "./stack-images/build.ts";
import { defaultImages, imageTable } from "./stack-images/defaults.ts";
import { stackImages } from "./stack-images/index.ts";
import { testVitest } from "./test-vitest.ts";

const [folder = "", cgroup = "", ...args] = process.argv.slice(2);
const compose = await buildProgram("docker-compose");
const images = stackImages(process.env.STACK_FLOOR === "1");
const dockerd = await phase("Docker starts", () => startDockerd({ folder, cgroup }, compose.path));
Object.assign(process.env, dockerd.env);
console.log(`Docker ${dockerd.version}, Compose ${compose.version}`);
console.log(imageTable(await defaultImages(), images));
await phase("images", () => buildImages(Object.values(images), process.env));
const counts = await phase("tests", () => testVitest(["--config", "test/stack/vitest.config.ts", ...args]));
const left = await leftovers();
for (const one of left) console.error(`!!! the tests left ${one}`);
await phase("Docker stops", () => dockerd.stop());
const all: Counts = { ...counts, failed: counts.failed + Math.min(left.length, 1) };
await writeFile(join(folder, "counts.json"), JSON.stringify({ ...nothing, ...all }));

/** Containers and networks that are still there: what the stack's own end should have removed. */
async function leftovers(): Promise<string[]> {
  const containers = await runChild("docker", ["ps", "--all", "--format", "container {{.Names}}"]);
  const networks = await runChild("docker", [
    "network",
    "ls",
    "--filter",
    "type=custom",
    "--format",
    "network {{.Name}}",
  ]);
  return [containers.stdout, networks.stdout]
    .flatMap((text) => text.split("\n"))
    .filter((line) => line !== "");
}
