import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { programs } from "../programs/registered.ts";
import { defaultImages, imageTable } from "./defaults.ts";
import { bases, stackImages } from "./index.ts";

/** Grafana's Alloy comes as no Go module that builds; its configuration is checked without it. */
const notToBeHad = ["alloy"];

describe.each([
  ["newest", false],
  ["oldest", true],
])("the %s images", (_, oldest) => {
  const images = stackImages(oldest);

  test("are of every service of the stack, and named as the official ones", async () => {
    const defaults = await defaultImages();
    expect(Object.keys(images).toSorted()).toEqual(
      Object.keys(defaults)
        .filter((name) => !notToBeHad.includes(name))
        .toSorted(),
    );
    const repository = (image = "") => image.replace(/:[^:]*$/, "");
    for (const [name, { image }] of Object.entries(images))
      expect(repository(image)).toBe(repository(defaults[name]));
  });

  test("say in their tags what is in them", () => {
    for (const { image, programs: [program] = [] } of Object.values(images)) {
      if (program !== undefined) expect(image).toMatch(new RegExp(`:v?${programs[program].version}$`));
    }
  });

  test("have a Dockerfile", () => {
    for (const { folder } of [...bases, ...Object.values(images)]) {
      expect(existsSync(join(import.meta.dirname, folder, "Dockerfile")), folder).toBe(true);
    }
  });
});

test("the table says the default beside what is tested", () => {
  const images = { loki: { folder: "loki", image: "grafana/loki:3.7.8", note: "a note" } };
  expect(imageTable({ loki: "grafana/loki:3.9.9", alloy: "grafana/alloy:v1" }, images)).toBe(
    "loki: default grafana/loki:3.9.9, tested grafana/loki:3.7.8 (a note)\n" +
      "alloy: default grafana/alloy:v1, not tested: it cannot be built here",
  );
});
