import { expect, onTestFinished, test } from "vitest";
import { isProblem } from "../model/problem.ts";
import { planMoveBack } from "./migrate-back.ts";
import { planMove } from "./plan-move.ts";
import { examine } from "./situation.ts";
import { makeSubject, stateText, type TestSubject } from "./subject.test-helper.ts";

const opened: typeof makeSubject = async (...given) => {
  const made = await makeSubject(...given);
  onTestFinished(made.close);
  return made;
};

const state = "terraform.tfstate";

async function move({ subject }: TestSubject) {
  return planMove(subject, await examine(subject, "store"), ["backend.hcl", "backend.tf"]);
}

async function refusalOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isProblem(error)) return { kind: error.kind, code: error.code };
  throw error ?? new Error("nothing was refused");
}

test("a state in a file, and nothing in the store: copied where nothing is", async () => {
  const made = await opened({ [state]: stateText(3) });
  const { copy, local, steps } = await move(made);
  expect(copy).toEqual({ condition: "absent" });
  expect(local?.facts.serial).toBe(3);
  expect(steps.join("\n")).toContain("/states/home/prod/terraform.tfstate");
});

test("what an interrupted run has copied is not copied again, and an older copy of it is replaced", async () => {
  const made = await opened({ [state]: stateText(3) });
  made.remote(stateText(3));
  expect((await move(made)).copy).toBeUndefined();
  made.write(state, stateText(4));
  expect((await move(made)).copy).toEqual({ condition: { etag: expect.stringMatching(/^"/) } });
});

test("interrupted behind the change of the code, it goes on; done, there is nothing to do", async () => {
  const made = await opened({ [state]: stateText(3) });
  made.remote(stateText(3));
  made.adopt();
  const { copy, steps } = await move(made);
  expect(copy).toBeUndefined();
  expect(steps.some((step) => step.startsWith("write "))).toBe(false);
  expect(steps.some((step) => step.startsWith("put the file aside"))).toBe(true);
  // Applied since: the file is what was left behind.
  made.remote(stateText(5));
  expect((await move(made)).copy).toBeUndefined();
  made.write(state, "");
  expect((await move(made)).steps).toEqual([expect.stringContaining("init -reconfigure")]);
});

test.each([
  ["another state is there", stateText(9, { lineage: "two" }), "state-foreign"],
  ["the store has a newer one", stateText(4), "state-diverged"],
  [
    "the store has another one of the same serial",
    stateText(3, { outputs: { a: { value: 1 } } }),
    "state-diverged",
  ],
  ["something else is there", "<html>", "state-foreign"],
])("refused: %s", async (_, remote, code) => {
  const made = await opened({ [state]: stateText(3) });
  made.remote(remote);
  expect(await refusalOf(move(made))).toEqual({ kind: "configuration", code });
  expect(made.remote()).toBe(remote);
});

test("refused: the code is at the store, and the file has gone on", async () => {
  const made = await opened({ [state]: stateText(7) });
  made.adopt();
  made.remote(stateText(6));
  expect(await refusalOf(move(made))).toMatchObject({ code: "state-diverged" });
});

test.each([
  ["nothing was applied yet", {}, "state-missing"],
  ["half a state", { [state]: '{"serial": 3' }, "state-unreadable"],
  ["another workspace", { [state]: stateText(3), ".terraform/environment": "blue" }, "state-workspace"],
  [
    "a block of its own",
    { [state]: stateText(3), "x.tf": 'terraform {\n  backend "local" {}\n}' },
    "state-backend-block",
  ],
  [
    "another backend",
    { [state]: stateText(3), "x.tf": 'terraform {\n  backend "http" {}\n}' },
    "state-elsewhere",
  ],
  [
    "another object",
    {
      [state]: stateText(3),
      "x.tf": 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n  }\n}',
    },
    "state-elsewhere",
  ],
])("refused: %s", async (_, files: Record<string, string>, code) => {
  const made = await opened(files);
  expect(await refusalOf(move(made))).toEqual({ kind: "configuration", code });
});

test("refused: the settings of the backend are said elsewhere", async () => {
  const made = await opened({ [state]: stateText(3) });
  const run = { ...made.subject.run, backend: { settings: { bucket: "x" } } };
  const subject = { ...made.subject, run };
  expect(await refusalOf(examine(subject, "store"))).toMatchObject({ code: "state-backend-setting" });
});

const minio = {
  name: "store",
  kind: "minio",
  guest: "store",
  url: "http://10.0.0.9:9000",
  health_path: null,
};
const guests = (address: string) => [{ name: "store", address }];
const withInventory = (inventory: object) => stateText(3, { outputs: { inventory: { value: inventory } } });

test.each([
  ["by its module", stateText(3, { resources: [{ module: 'module.minio["main"].module.container' }] })],
  ["by a service", withInventory({ guests: [], services: [minio] })],
  ["by the address of a guest", withInventory({ guests: guests("store.lan"), services: [] })],
])("an environment that declares the store keeps its state in the file: %s", async (_, text) => {
  const made = await opened({ [state]: text });
  const connection = { ...made.subject.store.connection, endpoint: "http://store.lan:9000" };
  const subject = { ...made.subject, store: { ...made.subject.store, connection } };
  expect(await refusalOf(move({ ...made, subject }))).toEqual({
    kind: "configuration",
    code: "state-own-store",
  });
});

test("a store that is only watched is no store of its own", async () => {
  const watched = { ...minio, guest: null };
  const made = await opened({
    [state]: withInventory({ guests: guests("10.0.0.1"), services: [watched] }),
  });
  expect((await move(made)).copy).toEqual({ condition: "absent" });
});

test("back: what the store has goes into the file", async () => {
  const made = await opened();
  made.adopt();
  made.remote(stateText(3));
  const plan = planMoveBack(made.subject, await examine(made.subject, "file"));
  expect(plan.remote?.facts.serial).toBe(3);
  // An older file is put aside.
  made.write(state, stateText(2));
  expect(planMoveBack(made.subject, await examine(made.subject, "file")).remote?.facts.serial).toBe(3);
});

test("back: refused where it would lose something, or change what is not ours", async () => {
  const made = await opened();
  const back = async () => planMoveBack(made.subject, await examine(made.subject, "file"));
  expect(await refusalOf(back())).toMatchObject({ code: "state-missing" });
  made.adopt();
  expect(await refusalOf(back())).toMatchObject({ code: "state-missing" });
  made.remote(stateText(3));
  made.write(state, stateText(4));
  expect(await refusalOf(back())).toMatchObject({ code: "state-diverged" });
  made.write(state, "");
  made.write("backend.tf", `${made.read("backend.tf")}# mine\n`);
  expect(await refusalOf(back())).toMatchObject({ code: "state-backend-file" });
});

test("back: a state in its file is there already", async () => {
  const made = await opened({ [state]: stateText(3) });
  expect(planMoveBack(made.subject, await examine(made.subject, "file"))).toEqual({
    remote: undefined,
    steps: [],
  });
});
