import { defineConfig } from "vitest/config";

const setupFiles = ["test/setup.ts"];

export default defineConfig({
  test: {
    globalSetup: ["test/global-setup.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "lab/**/*.test.ts", "monitoring/**/*.test.ts", "tools/**/*.test.ts"],
          setupFiles,
          // A process of its own for each of a hundred small files is most of the time they take.
          isolate: false,
          sequence: { shuffle: true, groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/**/*.test.ts"],
          setupFiles,
          // Each of these starts a lab, a Terraform and a provider, which mostly wait for each other: two at once
          // keep two cores busy, more only make them time out.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
