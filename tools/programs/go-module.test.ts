import { expect, test } from "vitest";
import { pinnedSums, renderGoMod } from "./go-module.ts";
import { providerTls } from "./provider-tls.ts";

test("our go.mod takes over what Go ignores in a dependency, except folders", () => {
  const theirs = {
    Replace: [
      { Old: { Path: "a.org/x", Version: "v1.0.0" }, New: { Path: "b.org/x", Version: "v1.0.1" } },
      { Old: { Path: "a.org/y" }, New: { Path: "a.org/y", Version: "v2.0.0" } },
      { Old: { Path: "a.org/z" }, New: { Path: "./internal/z" } },
    ],
    Exclude: [{ Path: "a.org/w", Version: "v0.1.0" }],
  };
  expect(renderGoMod(providerTls, JSON.stringify(theirs)).split("\n")).toEqual([
    "module terraform-provider-tls.build.pve-home",
    `go ${providerTls.go}`,
    `require ${providerTls.module} ${providerTls.moduleVersion}`,
    `tool ${providerTls.package}`,
    "replace a.org/x v1.0.0 => b.org/x v1.0.1",
    "replace a.org/y => a.org/y v2.0.0",
    "exclude a.org/w v0.1.0",
    "",
  ]);
});

test("go.sum names the program itself twice", () => {
  const [zip, mod] = pinnedSums(providerTls).split("\n");
  expect(zip).toBe(`${providerTls.module} ${providerTls.moduleVersion} ${providerTls.sum}`);
  expect(mod).toBe(`${providerTls.module} ${providerTls.moduleVersion}/go.mod ${providerTls.goModSum}`);
});
