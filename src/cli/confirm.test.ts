import { expect, test } from "vitest";
import { confirm } from "./confirm.ts";

function asked(answer: boolean, interactive = true) {
  const questions: string[] = [];
  const interrupt = new AbortController();
  const io = {
    interactive,
    interrupted: interrupt.signal,
    confirm: async (question: string) => {
      questions.push(question);
      return answer;
    },
  };
  return { io, questions, interrupt };
}

test("--yes asks no question", async () => {
  const { io, questions } = asked(false, false);
  await confirm(io, "sure?", { yes: true });
  expect(questions).toEqual([]);
});

test("on a terminal a yes goes on", async () => {
  const { io, questions } = asked(true);
  await confirm(io, "sure?", {});
  expect(questions).toEqual(["sure?"]);
});

test("a no is declined", async () => {
  await expect(confirm(asked(false).io, "sure?", {})).rejects.toMatchObject({
    kind: "declined",
    code: "declined",
  });
});

test("without a terminal no question is asked, and the flag to use is named", async () => {
  const { io, questions } = asked(true, false);
  await expect(confirm(io, "sure?", {})).rejects.toMatchObject({
    kind: "declined",
    code: "not-confirmed",
    hint: expect.stringContaining("--yes"),
  });
  expect(questions).toEqual([]);
});

test("an interrupt is not a yes", async () => {
  const { io, interrupt } = asked(true);
  interrupt.abort();
  await expect(confirm(io, "sure?", {})).rejects.toMatchObject({ kind: "declined", code: "interrupted" });
});
