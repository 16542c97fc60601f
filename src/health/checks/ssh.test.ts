import { expect, test } from "vitest";
import { guestComponent } from "../health.test-helper.ts";
import { ssh } from "./ssh.ts";

test("a login that answers works", () => {
  expect(ssh.judge(guestComponent({}), { outdated: false })).toEqual({ status: "ok", detail: "login works" });
});

test.each([
  [{}, "debian@10.0.0.101 'sudo tee /usr/local/lib/pve-home/probe >/dev/null'"],
  [
    { ssh_user: "root", ssh_port: 2222 },
    "-p 2222 root@10.0.0.101 'tee /usr/local/lib/pve-home/probe >/dev/null'",
  ],
])("an older probe on the guest is a warning with the command that replaces it: %o", (facts, command) => {
  expect(ssh.judge(guestComponent(facts), { outdated: true })).toMatchObject({
    status: "warn",
    code: "probe-outdated",
    hint: `with a key that is not restricted: pve-home health --print-probe | ssh ${command}`,
  });
});
