import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { servePackages } from "./package-mirror.ts";

test("it serves the files of its folder and nothing else", async () => {
  const outer = await mkdtemp(join(tmpdir(), "mirror-"));
  const folder = await mkdtemp(join(outer, "packages-"));
  await writeFile(join(outer, "secret"), "no");
  await writeFile(join(folder, "Packages"), "Package: tree\n");
  const mirror = await servePackages(folder, "127.0.0.1", 0);
  onTestFinished(() => mirror.close());
  const get = (path: string, method = "GET") => fetch(`http://127.0.0.1:${mirror.port}${path}`, { method });
  const found = await get("/./Packages");
  expect(found.headers.get("content-length")).toBe("14");
  expect(await found.text()).toBe("Package: tree\n");
  expect((await get("/Packages", "HEAD")).status).toBe(200);
  for (const path of ["/", "/InRelease", "/..%2Fsecret", "/%2e%2e/secret"]) {
    expect((await get(path)).status).toBe(404);
  }
});
