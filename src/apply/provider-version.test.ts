import { expect, test } from "vitest";
import { madeFor } from "../plan/guest-types.ts";
import { providerNotes } from "./provider-version.ts";

const locked = (version: string) => [
  { address: "registry.opentofu.org/hashicorp/tls", version: "4.2.1" },
  { address: "registry.opentofu.org/bpg/proxmox", version },
];

test("another version of the provider is named with the one that the forecast was made for", () => {
  expect(providerNotes(locked(madeFor))).toEqual([]);
  expect(providerNotes([])).toEqual([]);
  const [note, ...more] = providerNotes(locked("0.112.0"));
  expect(note).toContain("0.112.0");
  expect(note).toContain(madeFor);
  expect(more).toEqual([]);
});
