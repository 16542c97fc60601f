import { expect, test } from "vitest";
import { opentofu } from "./opentofu.ts";
import type { GoProgram } from "./program.ts";
import { programs, providers } from "./registered.ts";

const all: readonly GoProgram[] = [opentofu, ...Object.values(programs), ...Object.values(providers)];

test.each(all)("$title is pinned", (program) => {
  // 32 bytes in base64, as go.sum has them.
  expect(program.sum).toMatch(/^h1:[\w+/]{43}=$/);
  expect(program.goModSum).toMatch(/^h1:[\w+/]{43}=$/);
  expect(program.package.startsWith(program.module)).toBe(true);
});
