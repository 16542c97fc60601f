// What the simulated Proxmox VE knows: one plain, serialisable tree. The HTTP API changes it, the SSH servers
// read it, the control API breaks and mends it. Anything that must survive a restart lives here and nowhere else.

export type GuestKind = "qemu" | "lxc";
export type ConfigValue = string | number;

export interface World {
  readonly version: 1;
  /** Nodes by name. */
  nodes: Record<string, LabNode>;
  /** Guests by vmid; a vmid is unique in the cluster. */
  guests: Record<string, Guest>;
  /** Storage definitions of the cluster (`/storage`), by name. */
  storages: Record<string, Storage>;
  pools: Record<string, { comment?: string }>;
  /** Backup jobs by id, as they were posted (`/cluster/backup`). */
  backupJobs: Record<string, Record<string, ConfigValue>>;
  firewall: {
    options: Record<string, ConfigValue>;
    groups: Record<string, FirewallGroup>;
    rules?: FirewallRule[];
    /** What was written for a vmid without a guest; the next guest made there has it. */
    withoutGuest?: Record<string, GuestFirewall>;
  };
  /** API tokens by `user@realm!name`. */
  tokens: Record<string, ApiToken>;
  /** By `user@realm`; one without a password cannot log in (`POST access/ticket`). */
  users: Record<string, Holder & { password?: string }>;
  /** Roles that were added, by name: their privileges. */
  roles?: Record<string, string[]>;
  faults: Fault[];
}

export interface LabNode {
  name: string;
  online: boolean;
  /** Milliseconds since the epoch. */
  bootedAt: number;
  cores: number;
  memoryBytes: number;
  ssh: SshEndpoint;
  hostKey: HostKey;
  /** Public keys that may log in as root, one `authorized_keys` line each. */
  authorizedKeys: string[];
  firewall: GuestFirewall;
}

/** ed25519, both halves in OpenSSH's own format. */
export interface HostKey {
  privateKey: string;
  /** `ssh-ed25519 AAAA…` without a comment. */
  publicKey: string;
}

export interface SshEndpoint {
  address: string;
  port: number;
}

export interface Guest {
  vmid: number;
  node: string;
  kind: GuestKind;
  template: boolean;
  status: "running" | "stopped";
  /** Milliseconds since the epoch of the last start; undefined while stopped. */
  bootedAt?: number;
  /** `backup`, `snapshot`, `migrate`, `clone`, … as Proxmox shows it. */
  lock?: string;
  pid?: number;
  /** Exactly what `GET …/config` returns, less `digest`. */
  config: Record<string, ConfigValue>;
  pool?: string;
  snapshots: Record<string, Snapshot>;
  /** The snapshot that the current state descends from. */
  currentParent?: string;
  firewall: GuestFirewall;
  inside: GuestInside;
}

/** What a user who is logged in on the guest would see. */
export interface GuestInside {
  hostKey: HostKey;
  docker: "active" | "inactive" | "failed" | "absent";
  agent: "running" | "silent" | "absent";
  /** TCP ports on which it answers HTTP; none where it is absent. */
  http?: number[];
  /** Seconds from power-on until SSH and the agent answer. */
  bootSeconds: number;
  /**
   * Small file tree for SFTP, scp, `cat` and the agent's file-read: absolute path → content. A path ending in
   * `/` is a directory that may be empty; content that is not UTF-8 is kept as `\0base64:…`.
   */
  files: Record<string, string>;
  /** Permission bits (0 to 0o7777) of files that do not have 0644, by path. */
  modes?: Record<string, number>;
}

export interface Snapshot {
  name: string;
  description: string;
  /** Unix seconds. */
  snaptime: number;
  parent?: string;
  vmstate: 0 | 1;
  config: Record<string, ConfigValue>;
  /** What the disks held then. */
  inside?: GuestInside;
}

export interface GuestFirewall {
  options: Record<string, ConfigValue>;
  rules: FirewallRule[];
}

export type FirewallRule = Record<string, ConfigValue>;

export interface FirewallGroup {
  comment?: string;
  rules: FirewallRule[];
}

export interface Storage {
  storage: string;
  type: "dir" | "lvmthin" | "zfspool" | "nfs" | "pbs";
  content: string;
  path?: string;
  shared: 0 | 1;
  nodes?: string;
  totalBytes: number;
  /** Volumes and files by volid. Files of `dir` storages lie in the lab's folder as well. */
  volumes: Record<string, Volume>;
}

export interface Volume {
  volid: string;
  content: "images" | "rootdir" | "iso" | "vztmpl" | "import" | "snippets" | "backup";
  format: string;
  sizeBytes: number;
  /** Images for `import-from`: the size of the disk inside. */
  virtualBytes?: number;
  /** Disks: the volid of the image that they began as. */
  image?: string;
  /** Unix seconds. */
  ctime: number;
  vmid?: number;
  notes?: string;
  protected?: boolean;
  /** Backups: the guest's configuration at that time, and what the disks held. */
  config?: Record<string, ConfigValue>;
  inside?: GuestInside;
}

/** Privilege names by ACL path, e.g. `{ "/": ["Sys.Audit", "VM.Audit"] }`; a path covers all below it. */
export type Privileges = Record<string, string[]>;

/** A user or a token, and what it may. */
export interface Holder {
  privileges: Privileges;
  /** Names of roles by ACL path, as `pveum acl modify` gave them. */
  acl?: Record<string, string[]>;
}

export interface ApiToken extends Holder {
  /** `user@realm!name`. */
  id: string;
  secret: string;
  comment?: string;
  /** Whose token it is, where that bounds it. */
  user?: string;
  /** It may what it and its user may; without, what its user may. */
  privsep?: boolean;
}

/** A named fault that is switched on; `target` is a vmid or a node name where the fault takes one. */
export interface Fault {
  name: FaultName;
  target?: string;
}

export type FaultName = (typeof faultNames)[number];

/** Every fault, with the kind of target it takes; `pve-home lab break` without one prints this table. */
export const faults = {
  "api-hang": {
    target: "any node",
    summary: "the API (of one node, or of all) accepts connections and never answers",
  },
  "api-error": { target: "none", summary: "every API call answers 500" },
  "api-slow": { target: "none", summary: "every API answer takes two seconds" },
  "api-down": { target: "node", summary: "the API of the node refuses connections; the node itself runs" },
  "node-offline": {
    target: "node",
    summary: "the node is shown offline and its guests as unknown; its API is gone",
  },
  "task-hang": { target: "none", summary: "no task ends, until it is mended" },
  "task-fail": { target: "none", summary: "every task ends with an error" },
  "agent-silent": { target: "guest", summary: "the QEMU agent does not answer" },
  "ssh-refused": { target: "guest", summary: "nothing listens on the guest's SSH port" },
  "ssh-mute": { target: "guest", summary: "the SSH port accepts and says nothing" },
  "ssh-hang": { target: "guest", summary: "login works, commands never end" },
  "host-key-changed": { target: "guest", summary: "the guest shows another SSH host key" },
  "http-500": { target: "guest", summary: "the guest's HTTP services answer 500" },
  "http-refused": { target: "guest", summary: "nothing listens on the ports of the guest's HTTP services" },
  "docker-down": { target: "guest", summary: "the Docker service has failed" },
  booting: { target: "guest", summary: "the guest has just been started and does not answer yet" },
  "backup-lock": { target: "guest", summary: "the guest is locked by a running backup" },
} as const satisfies Record<string, { target: "none" | "node" | "any node" | "guest"; summary: string }>;

export const faultNames = Object.keys(faults) as (keyof typeof faults)[];
