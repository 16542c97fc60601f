import { isObject, type JsonObject } from "../model/json.ts";
import { type DeviceBlock, deviceBlocksOf, isGap } from "./device-blocks.ts";

/** A guest's configuration on Proxmox: `scsi0`, `net0`, …, as `GET …/config` gives it. */
export type GuestConfig = Readonly<Record<string, string | number>>;

/** A device that a guest has on Proxmox. */
export interface Device {
  /** `scsi5` */
  key: string;
  /** What matters of its value: `local-lvm:vm-201-disk-3, 8G`. */
  value: string;
  block: DeviceBlock;
  /** Whether no token may remove it. */
  rootOnly: boolean;
}

/**
 * The devices of a guest that none of `sides` declares: values of its resource, in the state or in the code. Empty for
 * a resource that is no guest.
 */
export function undeclaredDevices(type: string, config: GuestConfig, sides: readonly JsonObject[]): Device[] {
  return deviceBlocksOf(type).flatMap((block) => {
    const declared = new Set(sides.flatMap((values) => declaredKeys(block, values)));
    return Object.entries(config)
      .filter(([key]) => block.keys.test(key) && !declared.has(key))
      .filter(([, value]) => block.isDevice?.(String(value)) ?? true)
      .map(([key, value]) => ({
        key,
        value: shortened(String(value)),
        block,
        rootOnly: block.rootOnly?.(String(value)) ?? false,
      }))
      .sort((a, b) => a.key.localeCompare(b.key, "en", { numeric: true }));
  });
}

function declaredKeys({ block, keyOf }: DeviceBlock, values: JsonObject): string[] {
  const list = block === undefined ? undefined : values[block];
  if (!Array.isArray(list)) return [];
  return list.flatMap((element, index) =>
    isObject(element) && !isGap(element) ? (keyOf?.(element, index) ?? []) : [],
  );
}

/** The elements of a resource's blocks that are these devices: `mount_point[0]` for mp0. */
export function attributesOf(devices: readonly Device[], values: JsonObject): string[] {
  return devices.flatMap(({ key, block: { block, keyOf } }) => {
    const list = block === undefined ? undefined : values[block];
    if (block === undefined || !Array.isArray(list)) return [];
    return list.flatMap((element, index) =>
      isObject(element) && keyOf?.(element, index) === key ? `${block}[${index}]` : [],
    );
  });
}

/** Parts of a value that distinguish devices; the first part, such as the volume, has no name. */
const telling = /^(size|bridge|mp|tag)=/;

function shortened(value: string): string {
  const [first = "", ...rest] = value.split(",");
  return [first, ...rest.filter((part) => telling.test(part))]
    .map((part) => part.replace(/^size=/, ""))
    .join(", ");
}
