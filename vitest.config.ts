import { defineConfig } from "vitest/config";

const setupFiles = ["test/setup.ts"];
// Tests in any order; files as the last run left their times, slow ones first: a long one that begins last is waited for.
const sequence = { shuffle: { tests: true, files: false } };

export default defineConfig({
  test: {
    globalSetup: ["test/global-setup.ts"],
    sequence,
    // Many of them wait, for tasks of the lab or for Terraform: four at once keep two cores busy.
    maxWorkers: 4,
    // A process of its own for each of some 150 files is much of the time they take.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "lab/**/*.test.ts", "monitoring/**/*.test.ts", "tools/**/*.test.ts"],
          setupFiles,
          // For a test that hangs; how fast the machine is, no test is to tell.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/**/*.test.ts"],
          // Docker, and real machines: npm run test:stack, npm run test:guest.
          exclude: ["test/stack/**", "test/guest/**"],
          setupFiles,
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
