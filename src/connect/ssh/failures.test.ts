import { expect, test } from "vitest";
import { classify, reasonIn, sshProblem } from "./failures.ts";

// What OpenSSH 9.2 prints, LogLevel ERROR.
const changed = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Host key for [127.0.0.1]:2222 has changed and you have requested strict checking.
Host key verification failed.`;

test.each([
  [changed, "host-key-changed"],
  [
    "No ED25519 host key is known for [127.0.0.1]:1 and you have requested strict checking.",
    "host-key-unknown",
  ],
  ["Host key verification failed.", "host-key-unknown"],
  ["root@10.0.0.5: Permission denied (publickey).", "denied"],
  ["Received disconnect from 10.0.0.5 port 22:2: Too many authentication failures", "denied"],
  ["ssh: connect to host 10.0.0.5 port 22: Connection refused", "refused"],
  ["ssh: connect to host 10.0.0.5 port 22: Connection timed out", "timeout"],
  ["Connection timed out during banner exchange", "timeout"],
  ["Timeout, server 10.0.0.5 not responding.", "failed"],
  ["ssh: connect to host 10.0.0.5 port 22: No route to host", "unreachable"],
  ["ssh: Could not resolve hostname web: Name or service not known", "unresolved"],
  ["kex_exchange_identification: Connection closed by remote host", "failed"],
  ["/home/u/.ssh/config: line 3: Bad configuration option: x", "failed"],
  ["", "failed"],
  // What the server sends is quoted, and is not what ssh found.
  ["Bad remote protocol version identification: 'REMOTE HOST IDENTIFICATION HAS CHANGED!'", "failed"],
  [`Received disconnect from 10.0.0.5 port 22:11: \n${changed}`, "failed"],
  [`Received disconnect from 10.0.0.5 port 22:2: Too many authentication failures\n${changed}`, "failed"],
] as const)("%j", (stderr, failure) => {
  expect(classify(stderr)).toBe(failure);
});

test("the reason is the line that tells, without frames", () => {
  expect(reasonIn(changed)).toBe(
    "Host key for [127.0.0.1]:2222 has changed and you have requested strict checking.",
  );
  expect(reasonIn("ssh: connect to host a port 22: Connection refused\r\n")).toBe(
    "connect to host a port 22: Connection refused",
  );
  expect(reasonIn("")).toBe("ssh ended without a message");
});

test("a Problem carries code, place and what to type", () => {
  const target = { host: "10.0.0.5", port: 2222, user: "root" };
  expect(sshProblem("refused", target, "Connection refused")).toMatchObject({
    kind: "undetermined",
    code: "ssh-refused",
    message: "root@10.0.0.5:2222: Connection refused",
    place: "ssh://root@10.0.0.5:2222",
    hint: "by hand: ssh -p 2222 root@10.0.0.5",
  });
});
