import { expect, test } from "vitest";
import { guestComponent, problem } from "./health.test-helper.ts";
import { outcomeOfError, outcomeOfSilence } from "./outcome.ts";

const where = { component: guestComponent({}), environment: "prod", timeoutMs: 10_000 };

test.each([
  ["ssh-host-key-changed", "fail"],
  ["ssh-host-key-unknown", "unknown"],
  ["ssh-denied", "fail"],
  ["ssh-refused", "fail"],
  ["ssh-unreachable", "fail"],
  ["ssh-failed", "fail"],
  ["ssh-unresolved", "unknown"],
  ["ping-silent", "fail"],
  ["program-missing", "unknown"],
  ["proxmox-unreachable", "unknown"],
  ["proxmox-forbidden", "unknown"],
  ["token-missing", "unknown"],
])("%s is %s", (code, status) => {
  expect(outcomeOfError(problem(code), where)).toMatchObject({ status, code });
});

test.each([
  ["ssh-host-key-unknown", ""],
  ["ssh-host-key-changed", "; if that says unchanged, another machine answers at 10.0.0.101"],
])("%s names the command that mends it", (code, otherwise) => {
  const outcome = outcomeOfError(problem(code, "Host key verification failed.", "other"), where);
  expect(outcome.hint).toBe(`pve-home hosts trust --env prod web${otherwise}`);
  expect(outcome.detail).toContain("host key");
});

test("that of a container names its node, through which it is read", () => {
  const component = guestComponent({ name: "dns", type: "lxc", node: "pve2" });
  expect(outcomeOfError(problem("ssh-host-key-unknown"), { ...where, component }).hint).toBe(
    "pve-home hosts trust --env prod dns; it is read through pve2: ssh.nodes.pve2 in pve-home.yaml",
  );
});

test("what the problem hints at is kept", () => {
  expect(outcomeOfError(problem("ssh-denied", "denied", "add the key"), where).hint).toBe("add the key");
  expect(outcomeOfError(problem("ssh-denied"), where)).not.toHaveProperty("hint");
});

test.each([
  ["ssh-timeout", "fail", "no login within 10 s"],
  ["ssh-silent", "fail", "logged in, and no answer within 10 s"],
  ["proxmox-timeout", "unknown", "no answer within 10 s"],
])("%s is %s, and says %s: the limit that was asked for", (code, status, detail) => {
  expect(outcomeOfError(problem(code, "anything"), where)).toEqual({ status, code: "no-answer", detail });
});

test("an error that is no Problem is unknown and says that the check is at fault", () => {
  expect(outcomeOfError(new TypeError("x is\nundefined"), where)).toEqual({
    status: "unknown",
    code: "check-crashed",
    detail: "the check itself failed: x is; undefined",
  });
});

test("silence is the guest's failure, but only a guess about what the API would have said", () => {
  expect(outcomeOfSilence(true, 2500)).toMatchObject({ status: "fail", detail: "no answer within 2.5 s" });
  expect(outcomeOfSilence(false, 10_000)).toMatchObject({ status: "unknown", code: "no-answer" });
});
