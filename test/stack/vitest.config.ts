import { defineConfig } from "vitest/config";

// For `npm run test:stack` alone, which brings the Docker that they need.
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ["test/stack/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    setupFiles: ["test/setup.ts"],
    sequence: { shuffle: { tests: true, files: false } },
    // One Docker, and ports that the stack publishes.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
