import { expect, test } from "vitest";
import { exitCode, nothing, renderCounts, sum } from "./counts.ts";
import { countRun } from "./test-terraform.ts";
import { countVitest } from "./test-vitest.ts";

test("the last line sums everything", () => {
  const all = sum([
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 4, failed: 2, skipped: 0 },
  ]);
  expect(renderCounts(all)).toBe("7 passed, 2 failed, 1 skipped");
});

test.each([
  [{ passed: 1, failed: 0, skipped: 5 }, 0],
  [{ passed: 9, failed: 1, skipped: 0 }, 1],
  [{ passed: 0, failed: 0, skipped: 5 }, 1],
  [nothing, 1],
])("%j exits %d", (counts, code) => {
  expect(exitCode(counts)).toBe(code);
});

test.each([
  ["a success", 0, "Success! 12 passed, 0 failed.", { passed: 12, failed: 0, skipped: 0 }],
  ["a failure", 1, "Failure! 3 passed, 1 failed, 2 skipped.", { passed: 3, failed: 1, skipped: 2 }],
  ["no test at all", 0, "Success! 0 passed, 0 failed.", { passed: 0, failed: 1, skipped: 0 }],
  ["a configuration error", 1, "Error: Unsupported argument", { passed: 0, failed: 1, skipped: 0 }],
  ["a bad end after good tests", 1, "Success! 2 passed, 0 failed.", { passed: 2, failed: 1, skipped: 0 }],
])("a Terraform run that ends with %s", (_, code, output, counts) => {
  expect(countRun(code, output)).toEqual(counts);
});

const vitest = (passed: number, files: object[] = []): string =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: files,
  });

test.each([
  ["passed", 0, vitest(5), { passed: 5, failed: 0, skipped: 2 }],
  [
    "could not load a file",
    1,
    vitest(5, [{ status: "failed", assertionResults: [] }]),
    { passed: 5, failed: 1, skipped: 2 },
  ],
  ["had an error outside the tests", 1, vitest(5), { passed: 5, failed: 1, skipped: 2 }],
  ["died", 1, undefined, { passed: 0, failed: 1, skipped: 0 }],
])("a Vitest run that %s", (_, code, json, counts) => {
  expect(countVitest(code, json)).toEqual(counts);
});
