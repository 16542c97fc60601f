import { expect, test } from "vitest";
import { Secret } from "../model/secret.ts";
import { redact } from "./redact.ts";

test("every appearance of a secret goes, the longer first", () => {
  const secrets = [new Secret("hunter2"), new Secret("hunter2-and-more"), "plain"];
  expect(redact("a hunter2-and-more b hunter2 plain", secrets)).toBe("a [secret] b [secret] plain");
});

test("the secret part of a Proxmox token goes by itself too", () => {
  const token = new Secret("root@pam!tofu=1234-5678");
  expect(redact("token root@pam!tofu=1234-5678, value 1234-5678, id tofu", [token])).toBe(
    "token [secret], value [secret], id tofu",
  );
});

test("a secret of several lines goes as JSON shows it", () => {
  const key = new Secret("-----BEGIN\nabc\n");
  expect(redact(JSON.stringify({ key: "-----BEGIN\nabc\n" }), [key])).toBe('{"key":"[secret]"}');
});

test("a value too short to be a secret takes nothing apart", () => {
  expect(redact("a cat", [new Secret("a"), new Secret("")])).toBe("a cat");
});
