import { defineConfig } from "vitest/config";

// Real machines: `npm run test:guest`, in a network namespace of their own and out of `npm test`.
const minutes = 60_000;

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    globalSetup: ["test/global-setup.ts"],
    setupFiles: ["test/setup.ts"],
    include: ["test/guest/**/*.test.ts"],
    sequence: { shuffle: { tests: true, files: false } },
    // One network, and processors that are emulated: two files at once would only wait for each other.
    fileParallelism: false,
    // For one that hangs. An emulated machine boots in half a minute where it has the processors to itself, in ten where it does not.
    testTimeout: 20 * minutes,
    hookTimeout: 30 * minutes,
  },
});
