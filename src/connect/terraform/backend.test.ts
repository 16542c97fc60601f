import { expect, test } from "vitest";
import { backendOf } from "./backend.ts";
import { makeEnvironment } from "./environment.test-helper.ts";

const local = { kind: "local", path: undefined };

test.each([
  ["nothing", "", local],
  ["a terraform block without one", 'terraform {\n  required_version = ">= 1.10"\n}', local],
  ["s3", 'terraform {\n  backend "s3" {\n    bucket = "x"\n  }\n}', { kind: "s3" }],
  [
    "one behind nested blocks",
    'terraform {\n  required_providers {\n    a = {}\n  }\n  backend "http" {}\n}',
    { kind: "http" },
  ],
  ["cloud", 'terraform {\n  cloud {\n    organization = "x"\n  }\n}', { kind: "cloud" }],
  [
    "a local path",
    'terraform {\n  backend "local" {\n    path = "a/b.tfstate"\n  }\n}',
    { kind: "local", path: "a/b.tfstate" },
  ],
  ["a comment", 'terraform {\n  # backend "s3" {}\n  // backend "s3" {}\n  /* backend "s3" {} */\n}', local],
  ["a block elsewhere", 'resource "x" "y" {\n  backend "s3" {}\n}', local],
  ["a string with a brace", 'terraform {\n  required_version = "}"\n  backend "gcs" {}\n}', { kind: "gcs" }],
])("in HCL: %s", (_, text, backend) => {
  expect(backendOf(makeEnvironment({ "main.tf": text }).directory)).toEqual(backend);
});

test.each([
  [{ terraform: { backend: { s3: { bucket: "x" } } } }, { kind: "s3" }],
  [{ terraform: [{ backend: [{ local: [{ path: "p" }] }] }] }, { kind: "local", path: "p" }],
  [{ terraform: { cloud: {} } }, { kind: "cloud" }],
  [{ resource: {} }, local],
])("in JSON: %j", (value, backend) => {
  const text = JSON.stringify(value);
  expect(backendOf(makeEnvironment({ "main.tf.json": text }).directory)).toEqual(backend);
});
