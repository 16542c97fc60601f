import { describe, expect, test } from "vitest";
import type { GuestStatus } from "../connect/proxmox/types.ts";
import { vmidsOf } from "../plan/guests.ts";
import { stateResources } from "../plan/state-resources.ts";
import { unmanagedGuests } from "./unmanaged.ts";

const guest = (vmid: number, over: Partial<GuestStatus> = {}): GuestStatus => ({
  vmid,
  type: "vm",
  name: `guest-${vmid}`,
  node: "pve1",
  status: "running",
  template: false,
  uptime: 60,
  lock: undefined,
  tags: [],
  ...over,
});

const vmidsUnmanaged = (guests: GuestStatus[], managed: number[], ignore: (string | number)[] = []) =>
  unmanagedGuests(guests, new Set(managed), ignore).map(({ subject }) => subject);

test("guests in no state, by number", () => {
  const guests = [guest(301, { type: "lxc", name: "odd" }), guest(105, { name: "leftover" }), guest(201)];
  expect(vmidsUnmanaged(guests, [201])).toEqual(["vm/105 (leftover)", "lxc/301 (odd)"]);
});

test("where it is and how to manage it is reported", () => {
  expect(unmanagedGuests([guest(105, { status: "stopped" })], new Set(), [])).toMatchObject([
    { verdict: "unmanaged", detail: "stopped on pve1, in no environment's state", changes: [] },
  ]);
});

describe("left out", () => {
  test("templates", () => {
    expect(vmidsUnmanaged([guest(9000, { template: true })], [])).toEqual([]);
  });

  test.each<[string, string | number]>([
    ["a number", 105],
    ["a number as text", "105"],
    ["a name", "play-1"],
    ["a pattern of names", "play-*"],
  ])("by the ignore list: %s", (_, entry) => {
    expect(vmidsUnmanaged([guest(105, { name: "play-1" })], [], [entry])).toEqual([]);
  });

  test("not what an entry only begins with", () => {
    expect(vmidsUnmanaged([guest(1050)], [], [105, "guest"])).toEqual(["vm/1050 (guest-1050)"]);
  });
});

test("a state's guests: machines and containers, in modules too, whatever their attribute is called", () => {
  const resource = (type: string, values: object, mode = "managed") => ({
    address: `${type}.x`,
    mode,
    type,
    values,
  });
  const state = {
    values: {
      root_module: {
        resources: [
          resource("proxmox_virtual_environment_vm", { vm_id: 201, id: "201" }),
          resource("proxmox_virtual_environment_vm", { vm_id: 999 }, "data"),
          resource("proxmox_virtual_environment_file", { id: "888" }),
        ],
        child_modules: [
          {
            child_modules: [
              {
                resources: [
                  resource("proxmox_virtual_environment_container", { vm_id: 301 }),
                  resource("proxmox_cloned_vm", { id: 202 }),
                  resource("proxmox_virtual_environment_vm", { vm_id: null }),
                ],
              },
            ],
          },
        ],
      },
    },
  };
  expect(vmidsOf(stateResources(state))).toEqual([201, 301, 202]);
  expect(stateResources(undefined)).toEqual([]);
  expect(stateResources({ format_version: "1.0" })).toEqual([]);
});
