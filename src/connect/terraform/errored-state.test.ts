import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Secret } from "../../model/secret.ts";
import { salvageErrored } from "./errored-state.ts";

/** A private copy of a user's folder, as a killed run left it. */
function leftCopy(files: Record<string, string>) {
  const userFolder = mkdtempSync(join(tmpdir(), "errored-user-"));
  const root = mkdtempSync(join(tmpdir(), "errored-copy-"));
  const copy = join(root, userFolder);
  mkdirSync(copy, { recursive: true });
  const again = () => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(copy, name), text);
  };
  again();
  const said: string[] = [];
  return { userFolder, copy, said, again, salvage: () => salvageErrored(root, (line) => said.push(line)) };
}

test("a state that was not written is put into the user's folder, and what to do with it is said", () => {
  const { userFolder, said, salvage } = leftCopy({ "errored.tfstate": '{"serial":7}', "main.tf": "" });
  salvage();
  const kept = join(userFolder, "errored.tfstate");
  expect(readFileSync(kept, "utf8")).toBe('{"serial":7}');
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  expect(said.join("\n")).toContain(kept);
  expect(said.join("\n")).toContain(`terraform -chdir=${userFolder} state push errored.tfstate`);
});

test("a state is kept byte for byte, secrets included", () => {
  const secret = new Secret("a-password-of-errored-state");
  const state = JSON.stringify({ password: secret.reveal(), note: "\u009b" });
  const { userFolder, salvage } = leftCopy({ "errored.tfstate": state });
  salvage();
  expect(readFileSync(join(userFolder, "errored.tfstate"), "utf8")).toBe(state);
});

test("one that is there already is not overwritten, and the same is not kept twice", () => {
  const { userFolder, said, salvage, again } = leftCopy({
    "errored.tfstate": '{"serial":7}',
    ".terraform.lock.hcl": 'provider "registry.opentofu.org/bpg/proxmox" {\n}\n',
  });
  writeFileSync(join(userFolder, "errored.tfstate"), '{"serial":3}');
  salvage();
  again();
  salvage();
  expect(readdirSync(userFolder).sort()).toEqual(["errored-2.tfstate", "errored.tfstate"]);
  expect(readFileSync(join(userFolder, "errored.tfstate"), "utf8")).toBe('{"serial":3}');
  expect(said.join("\n")).toContain(`tofu -chdir=${userFolder} state push errored-2.tfstate`);
});

test("without one nothing is said", () => {
  const { userFolder, said, salvage } = leftCopy({ "main.tf": "" });
  salvage();
  expect(readdirSync(userFolder)).toEqual([]);
  expect(said).toEqual([]);
});

test("where the user's folder cannot be written, it stays where it is, and the file is named", () => {
  const { userFolder, copy, salvage } = leftCopy({ "errored.tfstate": '{"serial":7}' });
  rmSync(userFolder, { recursive: true });
  writeFileSync(userFolder, "a file where the folder was");
  expect(salvage).toThrow(
    expect.objectContaining({ code: "state-unwritten", place: join(copy, "errored.tfstate") }),
  );
  expect(readFileSync(join(copy, "errored.tfstate"), "utf8")).toBe('{"serial":7}');
});
