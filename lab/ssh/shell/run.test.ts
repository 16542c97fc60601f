import { expect, test } from "vitest";
import { findCommand } from "../commands/table.ts";
import type { SshContext } from "../context.ts";
import { guestMachine } from "../machine.ts";
import { makeGuest, makeWorld } from "../servers.test-helper.ts";
import { runScript, runText } from "./run.ts";
import { makeShell } from "./shell.ts";
import { bufferInput } from "./streams.ts";

function start(user = "debian") {
  const world = makeWorld("");
  const guest = makeGuest(101, "qemu", "ssh-ed25519 AAAA");
  const context: SshContext = {
    world,
    storageDirectory: () => "/nowhere",
    guestPort: 22,
    ownAddresses: false,
    changed: () => {},
    guestReady: () => true,
    guestAddress: () => "127.0.0.9",
  };
  const seen: string[] = [];
  const shell = makeShell({
    machine: () => guestMachine(context, guest),
    user,
    find: findCommand,
    mayRun: async () => {},
    record: ({ command, known }) => void (known || seen.push(command)),
  });
  let out = "";
  let err = "";
  const streams = (input = "") => ({
    input: bufferInput(input),
    out: (data: string | Buffer) => {
      out += data;
    },
    err: (data: string | Buffer) => {
      err += data;
    },
  });
  const finish = (code: number) => ({ code, out, err, unknown: seen, guest });
  return {
    text: async (text: string, input = "") => finish(await runText(shell, text, streams(input))),
    script: async (input: string) => finish(await runScript(shell, streams(input))),
  };
}

test.each([
  ["true && echo yes || echo no", "yes\n"],
  ["false && echo yes || echo no", "no\n"],
  ["false; echo $?", "1\n"],
  ["! false && echo turned", "turned\n"],
  [`X=1; echo "$X$${"{X}"}" '$X'`, "11 $X\n"],
  ["LC_ALL=C echo a", "a\n"],
  ["X='a  b'; echo $X; echo \"$X\"; printf '[%s]' $X$X", "a b\na  b\n[a][ba][b]"],
  ["X=$(false); echo $? $(true) $?", "1 1\n"],
  ['X=1 | cat; echo "<$X>"; ( X=2; exit 5 ); echo $? $X', "<>\n5\n"],
  ["env A=b LC_ALL=C echo c", "c\n"],
  ["printf 'a\\n\\nb' | sed 's/^/ /'", " a\n \n b"],
  ["printf abcd | head -c 2", "ab"],
  ["echo $(echo in; echo side)", "in side\n"],
  ["printf '%s-%d\\n' a 1 b 2", "a-1\nb-2\n"],
  ["printf '100%%\\101'", "100%A"],
  ["echo one two | wc -l", "1\n"],
  ["{ echo a; echo b; } | head -n 1", "a\n"],
  ["cat /etc/os-release | grep -q bookworm && echo found", "found\n"],
  ["echo x >/tmp/f; echo y >>/tmp/f; cat /tmp/f", "x\ny\n"],
  ["cat", "from stdin"],
  ["sh -c 'exit 3'; echo $?", "3\n"],
  ["exec echo a; echo b", "a\n"],
  ["( exit 4 )", ""],
  ["echo -n bare", "bare"],
  ["exit 0; echo after", ""],
  ["test 3 -gt 2 && [ a = a ] && [ ! -e /x ] && [ -n a ] && echo all", "all\n"],
])("%s", async (text, expected) => {
  const ran = await start().text(text, "from stdin");
  expect([ran.out, ran.err, ran.unknown]).toEqual([expected, "", []]);
});

test("commands of a script share its stdin, as in a real shell", async () => {
  const ran = await start().script("cat </dev/null\ncat\nthese are\nnot commands\n");
  expect(ran).toMatchObject({ code: 0, out: "these are\nnot commands\n", unknown: [] });
});

test("a group over several lines is one command", async () => {
  expect(await start().script("{ echo 'a\nb'\necho c\n} | wc -l\n")).toMatchObject({ out: "3\n", err: "" });
});

test("what the lab's shell does not speak is unknown, never a guess", async () => {
  const looping = await start().text("for x in a; do echo $x; done");
  expect(looping).toMatchObject({ code: 2, out: "", unknown: ["for x in a; do echo $x; done"] });
  expect(looping.err).toContain("Syntax error");
  expect(await start().script("echo 'open\n")).toMatchObject({
    code: 2,
    err: "sh: 1: Syntax error: end of file unexpected\n",
  });
  for (const form of [
    "cat -n /etc/hostname",
    "ls -l /",
    "df -h",
    "docker exec x y",
    "uname -q",
    "sudo -u x id",
    "/opt/tool",
  ]) {
    expect(await start().text(form)).toMatchObject({
      code: 127,
      unknown: [expect.stringContaining(form.split(" ")[0] ?? "")],
    });
  }
});

test("a user without root writes at home only, with sudo everywhere", async () => {
  const shell = start();
  await shell.text("echo mine >own; echo theirs >/etc/theirs; echo x | sudo -n tee /etc/ours >/dev/null");
  const ran = await shell.text(
    "cat own /etc/ours; sudo cat /root/.ssh/x; cat /root/.ssh/x; chmod 600 /etc/ours",
  );
  expect(ran.out).toBe("mine\nx\n");
  expect(ran.err).toContain("cannot create /etc/theirs: Permission denied");
  expect(ran.err).toContain(
    "cat: /root/.ssh/x: No such file or directory\ncat: /root/.ssh/x: Permission denied",
  );
  expect(ran.err).toContain("chmod: /etc/ours: Permission denied");
  expect(ran.guest.inside.files["/etc/ours"]).toBe("x\n");
});
