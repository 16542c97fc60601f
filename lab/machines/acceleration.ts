import { access, constants, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./run-program.ts";

/** How QEMU runs a machine's processors. */
export type Acceleration = "kvm" | "tcg";

/** A machine under a working KVM needs a fifth of a second for this. */
const patience = 3000;

/** The exit code that the boot sector below asks for: (0x10 << 1) | 1, says isa-debug-exit. */
const alive = 33;

/**
 * KVM where it runs a machine, else QEMU's own emulation. `/dev/kvm` may be there and not work, for example inside
 * another virtual machine: so a boot sector is run that writes to a port and thereby ends QEMU.
 */
export async function findAcceleration(): Promise<Acceleration> {
  const usable = await access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!usable) return "tcg";
  const folder = await mkdtemp(join(tmpdir(), "pve-home-kvm-"));
  try {
    const file = join(folder, "boot.bin");
    await writeFile(file, bootSector());
    const machine = ["-accel", "kvm", "-cpu", "max", "-m", "32", "-display", "none", "-nodefaults"];
    const exit = ["-device", "isa-debug-exit,iobase=0xf4,iosize=1"];
    const drive = ["-drive", `file=${file},format=raw,if=ide,snapshot=on`];
    const { code } = await runProgram("qemu-system-x86_64", [...machine, ...exit, ...drive], patience);
    return code === alive ? "kvm" : "tcg";
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** mov dx, 0xf4; mov al, 0x10; out dx, al; hlt */
function bootSector(): Buffer {
  const sector = Buffer.alloc(512);
  sector.set([0xba, 0xf4, 0x00, 0xb0, 0x10, 0xee, 0xf4]);
  sector.set([0x55, 0xaa], 510);
  return sector;
}
