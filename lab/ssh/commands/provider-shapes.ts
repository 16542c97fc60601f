// Two scripts of the bpg/proxmox provider use more shell than the lab speaks. They are told by their shape, as
// sent by v0.111.1 (proxmox/ssh/client.go).

/** The script that asks whether `sudo` is needed: prints 0 for root, 1 for a user who may use sudo. */
export function printsSudoProbe(script: string): boolean {
  return /^if \[ "\$\(id -u\)" = "0" \]; then echo "0"; elif .*\bsudo -n\b.*; fi$/s.test(script.trim());
}

/** The file an upload script writes its input to, and whether with sudo; undefined for any other script. */
export function uploadOf(script: string): { target: string; sudo: boolean } | undefined {
  const shape =
    /^(export TRY_SUDO_USE_SUDO=[01]; )?_try_sudo_check\(\)\{.*\}; try_sudo \/usr\/bin\/tee (\S+)$/s;
  const found = shape.exec(script.trim());
  return found?.[2] === undefined ? undefined : { target: found[2], sudo: found[1]?.includes("=1") === true };
}
