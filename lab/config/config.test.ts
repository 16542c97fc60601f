import { expect, test } from "vitest";
import { normaliseTags } from "./apply.ts";
import { containerCard, vmCard } from "./network.ts";
import { parseProperties, printProperties } from "./property-string.ts";
import { parseSize, printSize } from "./size.ts";

test.each([
  ["local-lvm:vm-1-disk-0,size=4G", "local-lvm:vm-1-disk-0,size=4G"],
  ["size=4G,file=local-lvm:vm-1-disk-0,", "local-lvm:vm-1-disk-0,size=4G"],
  ["volume=local-lvm:vm-1-disk-0,,mp=/srv", "local-lvm:vm-1-disk-0,mp=/srv"],
])("property string %s", (text, printed) => {
  expect(printProperties(parseProperties(text, "file", ["volume"]), "file")).toBe(printed);
});

test.each([
  ["model=virtio,bridge=vmbr0,macaddr=bc:24:11:00:00:01", "virtio=BC:24:11:00:00:01,bridge=vmbr0"],
  ["virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=5", "virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=5"],
  ["e1000=BC:24:11:00:00:01,bridge=vmbr1", "e1000=BC:24:11:00:00:01,bridge=vmbr1"],
])("card %s", (text, printed) => {
  expect(vmCard(text)).toBe(printed);
});

test("a card without a MAC gets one, and keeps it", () => {
  expect(vmCard("virtio,bridge=vmbr0")).toMatch(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0$/);
  const card = containerCard("name=eth0,bridge=vmbr0");
  expect(card).toMatch(/^name=eth0,bridge=vmbr0,hwaddr=BC:24:11(:[0-9A-F]{2}){3},type=veth$/);
  expect(containerCard(card)).toBe(card);
});

test.each([
  ["10G", 10 * 1024 ** 3, "10G"],
  ["1536M", 1536 * 1024 ** 2, "1536M"],
  ["2048", 2048, "2K"],
  ["0.5T", 512 * 1024 ** 3, "512G"],
])("size %s", (text, bytes, printed) => {
  expect(parseSize(text)).toBe(bytes);
  expect(printSize(bytes)).toBe(printed);
});

test("tags: lower case, once, sorted", () => {
  expect(normaliseTags("Web;db, web  a")).toBe("a;db;web");
  expect(parseSize("ten")).toBeUndefined();
});
