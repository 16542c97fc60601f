import { expect, test } from "vitest";
import { mutationsOf, without } from "./mutate-terraform.ts";

const hcl = `locals {
  name = "web"
}

resource "thing" "this" {
  count = 1
  tags  = concat(
    local.tags,
  )

  lifecycle {
    ignore_changes = [tags]
  }
}

output "name" {
  value = local.name
}
`;

test("what sets something of a resource in one line is left out, line by line", () => {
  const found = mutationsOf("main.tf", hcl);
  expect(found).toEqual([
    { file: "main.tf", line: 6, text: "count = 1" },
    { file: "main.tf", line: 12, text: "ignore_changes = [tags]" },
  ]);
  expect(without(hcl, 6)).not.toContain("count");
  expect(without(hcl, 6).split("\n")).toHaveLength(hcl.split("\n").length - 1);
});
