import { Secret } from "../model/secret.ts";

// Anything shorter would take ordinary words apart.
const shortest = 4;

/**
 * The text without the secrets: each value, and of a Proxmox token (`USER@REALM!ID=SECRET`) also the part after
 * the last `=` alone, becomes `[secret]`.
 */
export function redact(text: string, secrets: Iterable<Secret | string>): string {
  const values = [...secrets]
    .filter((secret) => secret instanceof Secret)
    .flatMap((secret) => {
      const value = secret.reveal();
      return [
        value,
        value.trim(),
        value.slice(value.lastIndexOf("=") + 1),
        JSON.stringify(value).slice(1, -1),
      ];
    })
    .filter((value) => value.length >= shortest)
    .sort((a, b) => b.length - a.length);
  return [...new Set(values)].reduce((rest, value) => rest.replaceAll(value, "[secret]"), text);
}
