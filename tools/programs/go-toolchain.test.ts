import { expect, test } from "vitest";
import { goEnvironment, requireGo } from "./go-toolchain.ts";
import { opentofu } from "./opentofu.ts";
import { providerProxmox } from "./provider-proxmox.ts";
import { script, systemPath, temporary } from "./testing.ts";

async function withGo(version: string, toolchain: string): Promise<NodeJS.ProcessEnv> {
  const dir = await temporary();
  await script(`${dir}/go`, `echo ${version}; echo ${toolchain}`);
  return { PATH: `${dir}:${systemPath}` };
}

test("a new enough Go will do", async () => {
  await requireGo(opentofu, await withGo(`go${opentofu.go}`, "local"));
});

test("an older Go may fetch a newer compiler", async () => {
  await requireGo(opentofu, await withGo("go1.22.1", "auto"));
});

test.each([
  ["go1.22.1", "local", /GOTOOLCHAIN=auto/],
  ["go1.19.8", "", /Install Go 1\./],
])("%s with GOTOOLCHAIN=%j is too old", async (version, toolchain, hint) => {
  const env = await withGo(version, toolchain);
  await expect(requireGo(opentofu, env)).rejects.toMatchObject({
    code: "go-too-old",
    message: expect.stringContaining(version),
    hint: expect.stringMatching(hint),
  });
});

test("a provider may also come from the registry", async () => {
  await expect(requireGo(providerProxmox, { PATH: "" })).rejects.toMatchObject({
    code: "go-missing",
    hint: expect.stringContaining("registry"),
  });
});

test("Go's caches stay where the user has them, or go to ours without a HOME", () => {
  const theirs = goEnvironment({ HOME: "/home/me", GOOS: "windows", GOFLAGS: "-mod=vendor" }, "/cache");
  expect(theirs).toMatchObject({ HOME: "/home/me", GOFLAGS: "-mod=mod" });
  expect(theirs).not.toHaveProperty("GOOS");
  expect(theirs).not.toHaveProperty("GOCACHE");
  expect(goEnvironment({}, "/cache")).toMatchObject({ GOPATH: "/cache/go", GOCACHE: "/cache/go-build" });
});
