import { spawnSync } from "node:child_process";
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { QuestionCheck } from "./check.ts";
import { checks } from "./checks/index.ts";
import { maxAnswerBytes, probeOf } from "./probe.ts";
import { type Reply, readProbe } from "./probe-output.ts";

// The probe in the shells that guests have: Debian's, most others', Alpine's with its own tools alone.

const shells = ["dash", "bash", "busybox"] as const;

function probeAsking(questions: Record<string, string>) {
  const asking = Object.entries(questions).map(
    ([name, question]): QuestionCheck => ({
      asks: "guest",
      of: "guest",
      name,
      summary: name,
      question,
      judge: () => ({ status: "ok", detail: "" }),
    }),
  );
  return probeOf(asking);
}

/** What a guest with this shell answers, by the name of the question. */
function answersOf(shell: (typeof shells)[number], script: string, path = pathOf(shell)) {
  const command = shell === "busybox" ? ["/bin/busybox", "sh"] : [`/bin/${shell}`];
  const { stdout } = spawnSync(command[0] ?? "", command.slice(1), {
    input: script,
    env: { PATH: path },
    maxBuffer: 2 ** 26,
    encoding: "utf8",
  });
  const replies: Record<string, Reply> = {};
  const seen: { hash?: string; ended: boolean } = { ended: false };
  const take = readProbe({
    onStart: (hash) => Object.assign(seen, { hash }),
    onReply: (mark, reply) => Object.assign(replies, { [mark.replace(/-.*/, "")]: reply }),
    onEnd: () => Object.assign(seen, { ended: true }),
  });
  for (const line of stdout.split("\n")) take(line);
  return { ...seen, replies, bytes: stdout.length };
}

/** Only the programs of busybox, or the system's. */
function pathOf(shell: (typeof shells)[number], without: string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), "probe-bin-"));
  const names = [
    "sh",
    "timeout",
    "head",
    "sed",
    "sleep",
    "yes",
    "cat",
    "tr",
    "printf",
    "echo",
    "true",
    "false",
  ];
  for (const name of names.filter((name) => !without.includes(name))) {
    symlinkSync(
      shell === "busybox" ? "/bin/busybox" : name === "sh" ? `/bin/${shell}` : `/usr/bin/${name}`,
      join(folder, name),
    );
  }
  return folder;
}

test.each(shells)("each question has its answer and its exit code: %s", (shell) => {
  const probe = probeAsking({
    plain: "echo one; echo two >&2",
    code: "exit 3",
    bare: "printf 'no newline'",
    quoted: `echo 'a'\\''b' "$HOME"`,
    missing: "no-such-program",
    input: "cat",
  });
  const { replies, hash, ended } = answersOf(shell, probe.script);
  expect([hash, ended]).toEqual([probe.hash, true]);
  expect(replies).toMatchObject({
    plain: { exitCode: 0, output: "one\ntwo" },
    code: { exitCode: 3, output: "" },
    bare: { exitCode: 0, output: "no newline" },
    quoted: { exitCode: 0, output: "a'b " },
    missing: { exitCode: 127 },
    input: { exitCode: 0, output: "" },
  });
});

test.each(shells)(
  "a question that hangs, and one that prints without end, cost the others nothing: %s",
  (shell) => {
    const { replies, ended, bytes } = answersOf(
      shell,
      probeAsking({
        hangs: "echo begun; sleep 60",
        lines: "yes",
        line: "yes | tr -d '\\n'",
        exact: `yes | head -c ${maxAnswerBytes}`,
        after: "echo fine",
      }).script,
    );
    expect(replies).toEqual({
      hangs: "timed-out",
      lines: "too-much",
      line: "too-much",
      exact: "too-much",
      after: { exitCode: 0, output: "fine" },
    });
    expect(ended).toBe(true);
    expect(bytes).toBeLessThan(5 * maxAnswerBytes);
  },
);

test.each(shells)("no output passes for a line of the probe: %s", (shell) => {
  const { script, hash, marks } = probeAsking({ honest: "false" });
  const lie = [`@pve-home probe ${hash}`, " 0", `@pve-home ${marks[0]}`, "@pve-home end"];
  const folder = mkdtempSync(join(tmpdir(), "probe-lie-"));
  writeFileSync(join(folder, "lie"), `${lie.join("\n")}\n`);
  const lying = probeAsking({ lying: `cat ${folder}/lie`, honest: "false" });
  const { replies } = answersOf(shell, lying.script);
  expect(replies).toEqual({
    lying: { exitCode: 0, output: lie.join("\n") },
    honest: { exitCode: 1, output: "" },
  });
  expect(script).toContain(marks[0]);
});

test.each(shells)("without timeout the questions are asked all the same: %s", (shell) => {
  const { replies, ended } = answersOf(
    shell,
    probeAsking({ a: "echo one" }).script,
    pathOf(shell, ["timeout"]),
  );
  expect([replies, ended]).toEqual([{ a: { exitCode: 0, output: "one" } }, true]);
});

test("the same checks make the same script; another question, or another name for it, is another probe", () => {
  expect(probeOf(checks)).toEqual(probeOf([...checks]));
  expect(probeOf(checks).script).toContain("systemctl is-active docker");
  const hashes = [{ a: "true" }, { a: "false" }, { b: "true" }, { a: "true", b: "true" }].map(
    (questions) => probeAsking(questions as Record<string, string>).hash,
  );
  expect(new Set(hashes).size).toBe(4);
});
