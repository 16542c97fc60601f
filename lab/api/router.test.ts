import { expect, test } from "vitest";
import type { Route } from "./route.ts";
import { createRouter } from "./router.ts";
import { allRoutes } from "./routes.ts";

const route = (path: string, method: Route["method"] = "GET"): Route => ({
  method,
  path,
  permission: "user",
  handle: () => path,
});

const router = createRouter([
  route("nodes/{node}/storage/{storage}/content/{volume*}"),
  route("nodes/{node}/qemu/{vmid}"),
  route("nodes/{node}/qemu/special"),
]);

test("literals win over parameters, in whatever order they were registered", () => {
  expect(router("GET", "/nodes/pve1/qemu/special")?.route.path).toBe("nodes/{node}/qemu/special");
  expect(router("GET", "/nodes/pve1/qemu/101")?.path).toEqual({ node: "pve1", vmid: "101" });
});

test.each(["local:iso%2Fa.iso", "local:iso/a.iso", "local%3Aiso%2Fa.iso"])(
  "a volume arrives whole as %s",
  (sent) => {
    const match = router("GET", `/nodes/pve1/storage/local/content/${sent}`);
    expect(match?.path.volume).toBe("local:iso/a.iso");
  },
);

test("a trailing slash changes nothing, another method or length does not match", () => {
  expect(router("GET", "/nodes/pve1/qemu/101/")?.path.vmid).toBe("101");
  expect(router("POST", "/nodes/pve1/qemu/101")).toBeUndefined();
  expect(router("GET", "/nodes/pve1/qemu/101/more")).toBeUndefined();
  expect(router("GET", "/nodes/pve1")).toBeUndefined();
});

test("the lab's own routes are registered once each", () => {
  expect(() => createRouter(allRoutes)).not.toThrow();
  expect(() => createRouter([...allRoutes, ...allRoutes.slice(0, 1)])).toThrow(/registered twice/);
});
