import { defineConfig } from "vitest/config";

const setupFiles = ["test/setup.ts"];

export default defineConfig({
  test: {
    globalSetup: ["test/global-setup.ts"],
    // A process of its own for each of two hundred files is much of the time they take.
    isolate: false,
    // Many of them wait, for tasks of the lab or for Terraform: four at once keep two cores busy.
    maxWorkers: 4,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "lab/**/*.test.ts", "monitoring/**/*.test.ts", "tools/**/*.test.ts"],
          setupFiles,
          sequence: { shuffle: { tests: true } },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/**/*.test.ts"],
          setupFiles,
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
