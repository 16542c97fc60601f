import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findImage } from "./image.ts";

const folder = () => mkdtemp(join(tmpdir(), "image-"));

test("a folder has its kernel and packages; a file brings its boot loader", async () => {
  const place = await folder();
  for (const name of ["disk.raw", "vmlinuz", "initrd.img", "packages"])
    await writeFile(join(place, name), "");
  await expect(findImage(place)).rejects.toThrow("it has no image.json");
  await writeFile(join(place, "image.json"), "{}");
  await expect(findImage(place)).rejects.toThrow("packagesUrl");
  await writeFile(join(place, "image.json"), '{ "packagesUrl": "http://169.254.80.6:3142/" }');
  expect(await findImage(place)).toEqual({
    disk: join(place, "disk.raw"),
    format: "raw",
    kernel: { vmlinuz: join(place, "vmlinuz"), initrd: join(place, "initrd.img") },
    packages: { folder: join(place, "packages"), url: new URL("http://169.254.80.6:3142/") },
  });
  const file = join(place, "debian.qcow2");
  await writeFile(file, Buffer.from([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]));
  expect(await findImage(file)).toEqual({ disk: file, format: "qcow2" });
});

test("what is no image is refused, with what is missing", async () => {
  const place = await folder();
  await expect(findImage(join(place, "none"))).rejects.toMatchObject({
    code: "option-invalid",
    message: expect.stringContaining("not found"),
  });
  await writeFile(join(place, "disk.raw"), "");
  await expect(findImage(place)).rejects.toThrow("it has no vmlinuz");
});
