import { expect, test } from "vitest";
import { redact } from "./redact.ts";
import { Secret } from "./secret.ts";

test("every appearance of a secret goes, the longer first", () => {
  new Secret("plum-77");
  new Secret("plum-77-and-more");
  expect(redact("a plum-77-and-more b plum-77 plain")).toBe("a [secret] b [secret] plain");
});

test("the secret part of a Proxmox token goes by itself too", () => {
  new Secret("root@pam!tofu=1234-5678\n");
  expect(redact("token root@pam!tofu=1234-5678, value 1234-5678, id tofu")).toBe(
    "token [secret], value [secret], id tofu",
  );
  expect(redact(Buffer.from("x1234-5678-").toString("base64"))).toContain("[secret]");
});

test("a secret of several lines goes as JSON shows it, and line by line", () => {
  new Secret("-----BEGIN KEY-----\nb3BlbnNzaC1rZXktdjEA\nAAAABG5vbmUAAAAEbm9u\n-----END KEY-----\n");
  const key = "-----BEGIN KEY-----\nb3BlbnNzaC1rZXktdjEA\nAAAABG5vbmUAAAAEbm9u\n-----END KEY-----";
  expect(redact(JSON.stringify({ key }))).toBe('{"key":"[secret]"}');
  expect(redact("bad line: AAAABG5vbmUAAAAEbm9u")).toBe("bad line: [secret]");
});

test.each(["", "x", "xy", "user:", "token=a, "])(
  "what a server encodes goes too: percent, form and base64, after %j",
  (before) => {
    const value = "p$ss/w?rd+with@signs!";
    new Secret(value);
    const forms = [
      encodeURIComponent(value),
      encodeURIComponent(value).toLowerCase(),
      new URLSearchParams({ token: before + value }).toString(),
    ];
    for (const form of forms) expect(redact(form)).toContain("[secret]");
    for (const encoding of ["base64", "base64url"] as const) {
      const text = redact(`Basic ${Buffer.from(`${before}${value}:x`).toString(encoding)}`);
      expect(text).toContain("[secret]");
      expect(Buffer.from(text.replace("[secret]", ""), encoding).toString()).not.toContain("w?rd");
    }
  },
);

test("a value too short to be a secret takes nothing apart", () => {
  for (const value of ["a", "", "cat", "minio", "8006", "pve-home"]) new Secret(value);
  const text = "a cat at minio:8006; pve-home health";
  expect(redact(text)).toBe(text);
});

test("a short one goes where it stands alone", () => {
  new Secret("k3y-x");
  expect(redact("the password k3y-x, not ak3y-xb")).toBe("the password [secret], not ak3y-xb");
});

test("what means something in a pattern is taken as it is", () => {
  new Secret("(a|b)*[c].{2}\\d/^$");
  expect(redact("it is (a|b)*[c].{2}\\d/^$ here")).toBe("it is [secret] here");
});

test("an ordinary word stays: it is the name of a program or a user as well", () => {
  for (const word of ["terraform", "minioadmin"]) new Secret(word);
  new Secret("terraform-9f8e7d6c");
  const hint = "terraform -chdir=prod state push, as minioadmin";
  expect(redact(hint)).toBe(hint);
  expect(redact("denied to terraform-9f8e7d6c")).toBe("denied to [secret]");
});
