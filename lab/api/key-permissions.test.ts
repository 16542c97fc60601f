import { afterAll, beforeAll, expect, test } from "vitest";
import type { Privileges } from "../world.ts";
import { type ApiUnderTest, apiUnderTest } from "./testing.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ guests: 4 });
});
afterAll(() => api.close());

const vm = "nodes/pve1/qemu/10001/config";
const ct = "nodes/pve1/lxc/10004/config";

test.each([
  [vm, "args", "-s", "only root can set 'args' config"],
  [vm, "hookscript", "local:snippets/a", "only root can set 'hookscript' config"],
  [vm, "serial1", "/dev/ttyS0", "only root can set 'serial1' config for real devices"],
  [vm, "usb0", "host=1d6b:0002", "only root can set 'usb0' config for real devices"],
  [vm, "hostpci0", "0000:01:00,pcie=1", "only root can set 'hostpci0' config for non-mapped devices"],
  [
    ct,
    "features",
    "nesting=1,keyctl=1",
    "changing feature flags (except nesting) is only allowed for root@pam",
  ],
  [ct, "mp0", "/mnt/host,mp=/srv", "mount point type bind is only allowed for root@pam"],
  [ct, "mp0", "/tank/media:8,mp=/srv", "mount point type bind is only allowed for root@pam"],
  [ct, "mp0", "/dev/sda1,mp=/srv", "mount point type device is only allowed for root@pam"],
  [ct, "dev0", "/dev/ttyS0", "configuring device passthrough is only allowed for root@pam"],
])("not even an administrator's token: %s %s", async (path, key, value, reason) => {
  const answer = await api.call("PUT", path, { [key]: value });
  expect(answer.status).toBeGreaterThanOrEqual(403);
  expect(answer.reason).toContain(reason);
});

test("a mapped device needs Mapping.Use, to be set as to be deleted; deleting what is not there needs nothing", async () => {
  const hardware: Privileges = { "/vms": ["VM.Config.HWType", "VM.Config.Disk"] };
  const devices = { hostpci1: "mapping=gpu", usb1: "mapping=stick", virtiofs1: "share" };
  for (const [key, value] of Object.entries(devices)) {
    const [without, withMapping] = [api.as(hardware), api.as({ ...hardware, "/mapping": ["Mapping.Use"] })];
    const missing = expect.stringMatching(
      /^Permission check failed \(\/mapping\/(pci|usb|dir)\/\w+, Mapping.Use\)$/,
    );
    expect((await without("PUT", vm, { delete: key })).status).toBe(200);
    expect((await without("PUT", vm, { [key]: value })).reason).toEqual(missing);
    expect((await withMapping("PUT", vm, { [key]: value })).status).toBe(200);
    expect((await without("PUT", vm, { delete: key })).reason).toEqual(missing);
    expect((await withMapping("PUT", vm, { delete: key })).status).toBe(200);
  }
});

test("nesting is for everyone who may allocate", async () => {
  expect((await api.call("PUT", ct, { features: "nesting=1" })).status).toBe(200);
});

test("a bridge needs SDN.Use, the boot order Sys.Modify", async () => {
  const call = api.as({ "/vms": ["VM.Config.Network", "VM.Config.Options"] });
  const card = await call("PUT", vm, { net1: "virtio,bridge=vmbr0" });
  expect(card.reason).toBe("Permission check failed (/sdn/zones/localnetwork/vmbr0, SDN.Use)");
  expect((await call("PUT", vm, { startup: "order=1" })).reason).toBe(
    "Permission check failed (/, Sys.Modify)",
  );
});
