export const guestKinds = ["vm", "lxc"] as const;

/** A virtual machine or a container. */
export type GuestKind = (typeof guestKinds)[number];
