import { expect, test } from "vitest";
import { Secret } from "../model/secret.ts";
import { paint } from "./status-words.ts";
import { displayWidth, plain, shorten, styleMark, terminalText, wrap } from "./terminal-text.ts";

test("escape sequences are taken out", () => {
  expect(plain("\u001b[31mred\u001b[0m \u001b]0;title\u0007text")).toBe("red text");
  expect(plain("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\")).toBe("link");
});

test("what is left of control characters is spelled out, never sent", () => {
  expect(plain("a\u001bb\u0000c\u0007d\u007fe")).not.toMatch(/\p{Cc}/u);
  expect(plain("x\u0007y")).toBe("x\\u0007y");
  expect(plain("a\u0085\u0090b")).not.toMatch(/\p{Cc}/u);
});

test("text cannot turn round or hide what follows", () => {
  expect(plain("abc\u202edef\u2066ghi\u200b")).toBe("abc\\u202edef\\u2066ghi\\u200b");
});

test("line ends and tabs become one blank", () => {
  expect(plain("  one\r\n\ttwo\u2028three ")).toBe("one two three");
});

test("half a character does not get through", () => {
  expect(plain("a\ud800b")).toBe("a\ufffdb");
});

test("widths as a terminal counts them", () => {
  expect(displayWidth("abc")).toBe(3);
  expect(displayWidth("日本語")).toBe(6);
  expect(displayWidth("한국")).toBe(4);
  expect(displayWidth("Ａ")).toBe(2);
  expect(displayWidth("e\u0301")).toBe(1);
  expect(displayWidth("—→…─")).toBe(4);
  expect(displayWidth("🚀")).toBe(2);
  expect(displayWidth("👩‍💻")).toBe(2);
  expect(displayWidth("🇩🇪")).toBe(2);
  expect(displayWidth("🇩")).toBe(2);
  expect(displayWidth("1\ufe0f\u20e3")).toBe(2);
  expect(displayWidth("👍🏽")).toBe(2);
  expect(displayWidth("𗀀")).toBe(2);
  expect(displayWidth("❤\ufe0f")).toBe(2);
  expect(displayWidth("\u200d")).toBe(0);
});

test("lines break at blanks", () => {
  expect(wrap("connection refused by host", 12)).toEqual(["connection", "refused by", "host"]);
  expect(wrap("short", 12)).toEqual(["short"]);
  expect(wrap("", 12)).toEqual([""]);
});

test("a long word breaks after a separator, or anywhere, and loses nothing", () => {
  expect(wrap("/etc/pve-health/exclusions.conf", 16)).toEqual(["/etc/pve-health/", "exclusions.conf"]);
  expect(wrap("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
  expect(wrap("日本語日本語", 5)).toEqual(["日本", "語日", "本語"]);
  const address = 'see module.vms["web"].proxmox_virtual_environment_vm.this now';
  const lines = wrap(address, 20);
  expect(lines.every((line) => displayWidth(line) <= 20)).toBe(true);
  expect(lines.join("").replaceAll(" ", "")).toBe(address.replaceAll(" ", ""));
});

test("an ellipsis shows that something is missing", () => {
  expect(shorten("abcdef", 6)).toBe("abcdef");
  expect(shorten("abcdefg", 6)).toBe("abcde…");
});

test("of what is printed only our own colours are obeyed, and only where colour is wanted", () => {
  const outside = "\u001b[31m \u009b2J \u202e \u0007 \r";
  const text = `${outside} ${paint("FAIL", ["bold", "red"], true)}\n\tnext`;
  const inert = "\\u001b[31m \\u009b2J \\u202e \\u0007 \\u000d";
  expect(terminalText(text, true)).toBe(`${inert} \u001b[1m\u001b[31mFAIL\u001b[39m\u001b[22m\n\tnext`);
  expect(terminalText(text, false)).toBe(`${inert} FAIL\n\tnext`);
});

test("colour cannot come from outside", () => {
  expect(plain(`${styleMark}31m`)).toBe("\\ufdd031m");
  expect(terminalText(`a ${styleMark}]0;x`, true)).toBe("a \\ufdd0]0;x");
});

test("a JSON document says the same afterwards", () => {
  const value = { "na\u009bme": ["\u001b[2J", "\u202e\u{e0041}", "👩‍💻", "\ud800"] };
  const text = terminalText(JSON.stringify(value), false);
  expect(text).not.toMatch(/\p{Cc}|\u202e/u);
  expect(JSON.parse(text)).toEqual(value);
});

test("a secret is gone before a line can end in the middle of it", () => {
  new Secret("6e1c0f3a-8a44-4d0c-9b1e-0c2d7e5f9a10");
  const text = "said 6e1c0f3a-8a44-4d0c-9b1e-0c2d7e5f9a10";
  expect(wrap(plain(text), 12)).toEqual(["said", "[secret]"]);
  expect(terminalText(text, true)).toBe("said [secret]");
});
