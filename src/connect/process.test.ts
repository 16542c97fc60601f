import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Secret } from "../model/secret.ts";
import { type ChildRequest, killAllChildren, runChild } from "./process.ts";

const env = { PATH: "/usr/bin:/bin" };
const sh = (script: string, more: Partial<ChildRequest> = {}) =>
  runChild({ program: "sh", args: ["-c", script], env, ...more });

/** Whether a process exists; one that was ended but not waited for by its parent counts as gone. */
function alive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test("exit code, stdout and stderr are kept apart", async () => {
  await expect(sh("echo out; echo err >&2; exit 3")).resolves.toEqual({
    exitCode: 3,
    signal: null,
    stdout: "out\n",
    stderr: "err\n",
    timedOut: false,
    truncated: false,
  });
});

test("arguments reach the program as they are: there is no shell", async () => {
  const result = await runChild({ program: "printf", args: ["%s|", "$HOME", "a b", "; id"], env });
  expect(result.stdout).toBe("$HOME|a b|; id|");
});

test("text goes in by stdin, and a child that does not read it is no error", async () => {
  expect((await runChild({ program: "cat", args: [], env, stdin: "héllo" })).stdout).toBe("héllo");
  expect((await sh("exit 0", { stdin: "x".repeat(1_000_000) })).exitCode).toBe(0);
});

test("the child sees the given environment alone, secrets revealed, in the C locale", async () => {
  const result = await runChild({
    program: "env",
    args: [],
    env: { ...env, TOKEN: new Secret("s3cret"), LC_ALL: "de_DE.UTF-8" },
  });
  expect(result.stdout.trim().split("\n").sort()).toEqual(["LC_ALL=C", "PATH=/usr/bin:/bin", "TOKEN=s3cret"]);
});

test("a missing program is a Problem with a hint", async () => {
  const request = { program: "no-such-program", args: [], env };
  await expect(runChild(request)).rejects.toMatchObject({
    code: "program-missing",
    message: "the program no-such-program was not found",
  });
  await expect(runChild({ ...request, missingHint: "apt install it" })).rejects.toMatchObject({
    hint: "apt install it",
  });
});

test("a program that is no program is a Problem too", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "process-")), "plain");
  writeFileSync(file, "text", { mode: 0o600 });
  await expect(runChild({ program: file, args: [], env })).rejects.toMatchObject({ code: "program-missing" });
});

test("a missing folder is not mistaken for a missing program", async () => {
  await expect(sh("true", { cwd: "/no/such/folder" })).rejects.toMatchObject({ code: "folder-missing" });
});

test("output past the bound is dropped, and said so", async () => {
  const result = await sh("printf 0123456789", { maxOutputBytes: 4 });
  expect(result).toMatchObject({ stdout: "0123", truncated: true, exitCode: 0 });
});

test.each(["stdout", "stderr"] as const)(
  "where %s may not go on past the bound, the child is ended",
  async (stream) => {
    let seen = 0;
    const count = (text: string) => {
      seen += text.length;
    };
    const more = { maxOutputBytes: 100_000, endAtLimit: true, onStdout: count, onStderr: count } as const;
    // Without line feeds, as a single line has no end either.
    const endless = `trap '' TERM; tr '\\0' x </dev/zero ${stream === "stderr" ? ">&2" : ""}; sleep 60`;
    const result = await sh(endless, more);
    expect(result).toMatchObject({ exitCode: null, timedOut: false, truncated: true });
    expect(result[stream]).toBe("x".repeat(100_000));
    expect(seen).toBeLessThanOrEqual(100_000);
  },
  10_000,
);

test("what a child printed is whole, in however many pieces it came", async () => {
  const result = await sh("i=0; while [ $i -lt 2000 ]; do printf ä; i=$((i+1)); done; printf '%070000d' 0");
  expect(result.stdout).toBe("ä".repeat(2000) + "0".repeat(70_000));
});

test("stdout is handed on as it arrives", async () => {
  let seen = "";
  await sh("echo one; echo two", { onStdout: (text) => (seen += text) });
  expect(seen).toBe("one\ntwo\n");
});

test("a child that takes too long is ended with everything it started, also what ignores SIGTERM", async () => {
  const result = await sh("trap '' TERM; sleep 60 & echo $!; wait; sleep 60", { timeoutMs: 100 });
  expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: "SIGKILL" });
  expect(alive(Number(result.stdout))).toBe(false);
}, 10_000);

test("an abort ends the child and rejects with its reason", async () => {
  const controller = new AbortController();
  const onStdout = () => controller.abort(new Error("interrupted"));
  await expect(sh("echo up; sleep 60", { signal: controller.signal, onStdout })).rejects.toThrow(
    "interrupted",
  );
  await expect(sh("echo never", { signal: controller.signal })).rejects.toThrow("interrupted");
});

test("something left behind that holds the pipes open does not hold us up", async () => {
  const result = await sh("setsid sleep 5 & echo done");
  expect(result).toMatchObject({ stdout: "done\n", exitCode: 0 });
});

test("killAllChildren ends what runs", async () => {
  const onStdout = () => killAllChildren();
  await expect(sh("echo up; exec sleep 60", { onStdout })).resolves.toMatchObject({ signal: "SIGTERM" });
});

test("a child that may finish in its own time is asked once, alone, and its end is a result", async () => {
  const interrupt = new AbortController();
  const onStdout = (text: string) => {
    if (text === "up\n") killAllChildren();
    if (text === "up\n") interrupt.abort();
  };
  const script = "trap 'echo asked; exit 3' INT; echo up; while :; do sleep 0.02; done";
  const result = await sh(script, { interrupt: interrupt.signal, onStdout });
  expect(result).toMatchObject({ exitCode: 3, stdout: "up\nasked\n" });
});

test("output to files arrives as it is written, and is the result", async () => {
  const outputFolder = mkdtempSync(join(tmpdir(), "process-"));
  const seen: string[] = [];
  const go = join(outputFolder, "go");
  const result = await sh(
    'echo one; until [ -e "$GO" ]; do sleep 0.02; done; echo two; echo err >&2; exit 3',
    {
      outputFolder,
      env: { ...env, GO: go },
      onStdout: (text) => {
        seen.push(text);
        writeFileSync(go, "");
      },
    },
  );
  expect(result).toMatchObject({ exitCode: 3, stdout: "one\ntwo\n", stderr: "err\n", truncated: false });
  expect(seen).toEqual(["one\n", "two\n"]);
  const missing = { program: "no-such-program", args: [], env, outputFolder };
  await expect(runChild(missing)).rejects.toMatchObject({ code: "program-missing" });
});

test("a child whose output is in files goes on when its parent is killed", async () => {
  const outputFolder = mkdtempSync(join(tmpdir(), "process-"));
  const done = join(outputFolder, "done");
  const child = `echo up; sleep 0.3; echo still; echo there >&2; echo yes >${done}`;
  const parent = `const { runChild } = await import(${JSON.stringify(join(import.meta.dirname, "process.ts"))});
const onStdout = () => process.kill(process.pid, "SIGKILL");
await runChild({ program: "sh", args: ["-c", ${JSON.stringify(child)}], env: process.env, outputFolder: ${JSON.stringify(outputFolder)}, onStdout });`;
  const args = ["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", parent];
  expect(await runChild({ program: process.execPath, args, env })).toMatchObject({ signal: "SIGKILL" });
  await vi.waitFor(() => expect(readFileSync(done, "utf8")).toBe("yes\n"), 10_000);
}, 20_000);
