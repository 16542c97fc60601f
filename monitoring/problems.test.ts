import { expect, test } from "vitest";
import { hostDown } from "./alerts/node/host-down.ts";
import { problems } from "./problems.ts";
import { readSamples } from "./samples/sample.ts";

const samples = readSamples();
const place = "monitoring/alerts/node/host-down.ts:5: HostDown:";

test.each([
  ["a mistake in its syntax", "up ==", `${place} PromQL at character 6: end of text`],
  ["an unknown metric", "pve_nothing == 1", `${place} pve_nothing is in no sample`],
])("%s is told with file and line", async (_, expr, expected) => {
  expect(await problems([{ ...hostDown, expr }], [], samples)).toEqual([expected]);
});

test("a name that is there twice is told once", async () => {
  expect(await problems([hostDown, hostDown], [], samples)).toEqual([`${place} two alerts have this name`]);
});

test("so is what is wrong with a dashboard", async () => {
  const targets = [{ expr: "pve_nothing" }];
  const dashboard = { uid: "d", templating: {}, panels: [{ type: "stat", title: "P", targets }] };
  expect(await problems([hostDown], [dashboard], samples)).toEqual(["d, P: pve_nothing is in no sample"]);
});
