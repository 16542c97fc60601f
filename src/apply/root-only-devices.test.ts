import { expect, test } from "vitest";
import type { GuestForecast } from "../model/plan.ts";
import { refuseRootOnly } from "./root-only-devices.ts";

const refused: GuestForecast = {
  address: "a.b",
  kind: "vm",
  guest: "web",
  vmid: 201,
  node: "pve1",
  effect: "refused",
  causes: ["hostpci0", "usb0"],
  devices: [
    { key: "hostpci0", value: "0000:01:00" },
    { key: "usb0", value: "host=1234:5678" },
  ],
};

test("the way out is the command for the node, with every device", () => {
  expect(() => refuseRootOnly([refused])).toThrow(
    expect.objectContaining({
      kind: "configuration",
      code: "device-root-only",
      hint: expect.stringMatching(/on pve1: qm set 201 --delete hostpci0,usb0$/),
    }),
  );
});

test("what the provider refuses for another reason is left to it", () => {
  const { devices: _, ...disk } = refused;
  expect(() => refuseRootOnly([disk, { ...refused, effect: "loses-device" }])).not.toThrow();
});
