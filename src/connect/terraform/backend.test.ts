import { expect, test } from "vitest";
import { backendOf } from "./backend.ts";
import { makeEnvironment } from "./environment.test-helper.ts";

const local = { kind: "local", settings: {} };

test.each([
  ["nothing", "", local],
  ["a terraform block without one", 'terraform {\n  required_version = ">= 1.10"\n}', local],
  [
    "s3",
    'terraform {\n  backend "s3" {\n    bucket = "x"\n  }\n}',
    { kind: "s3", settings: { bucket: "x" } },
  ],
  [
    "one behind nested blocks",
    'terraform {\n  required_providers {\n    a = {}\n  }\n  backend "http" {}\n}',
    { kind: "http", settings: {} },
  ],
  ["cloud", 'terraform {\n  cloud {\n    organization = "x"\n  }\n}', { kind: "cloud", settings: {} }],
  [
    "a local path",
    'terraform {\n  backend "local" {\n    path = "a/b.tfstate"\n  }\n}',
    { kind: "local", settings: { path: "a/b.tfstate" } },
  ],
  [
    "settings of every kind",
    `terraform {
      backend "s3" {
        key = "a\\"b$\${c}" # "no"
        use_lockfile = true
        retries=3
        bucket = var.bucket
        region = "x-\${var.y}"
        endpoints = { s3 = "https://a:9000", "iam" = "b" }
        assume_role {
          role_arn = "r"
        }
        profile = "p"
      }
      required_version = "1"
    }`,
    {
      kind: "s3",
      settings: {
        key: `a"b\${c}`,
        use_lockfile: "true",
        retries: "3",
        "endpoints.s3": "https://a:9000",
        "endpoints.iam": "b",
        "assume_role.role_arn": "r",
        profile: "p",
      },
    },
  ],
  ["a comment", 'terraform {\n  # backend "s3" {}\n  // backend "s3" {}\n  /* backend "s3" {} */\n}', local],
  ["a block elsewhere", 'resource "x" "y" {\n  backend "s3" {}\n}', local],
  [
    "a string with a brace",
    'terraform {\n  required_version = "}"\n  backend "gcs" {}\n}',
    { kind: "gcs", settings: {} },
  ],
])("in HCL: %s", (_, text, backend) => {
  const { directory } = makeEnvironment({ "main.tf": text });
  expect(backendOf(directory)).toEqual({
    ...backend,
    file: backend === local ? undefined : `${directory}/main.tf`,
  });
});

test.each([
  [{ terraform: { backend: { s3: { bucket: "x" } } } }, { kind: "s3", settings: { bucket: "x" } }],
  [
    { terraform: { backend: { s3: { endpoints: { s3: "y" } } } } },
    { kind: "s3", settings: { "endpoints.s3": "y" } },
  ],
  [{ terraform: [{ backend: [{ local: [{ path: "p" }] }] }] }, { kind: "local", settings: { path: "p" } }],
  [{ terraform: { cloud: {} } }, { kind: "cloud", settings: {} }],
  [{ resource: {} }, local],
])("in JSON: %j", (value, backend) => {
  const text = JSON.stringify(value);
  expect(backendOf(makeEnvironment({ "main.tf.json": text }).directory)).toMatchObject(backend);
});
