import type { CallOptions, NodeStatus, ProxmoxClient, ProxmoxVersion } from "./types.ts";

export declare function listNodes(client: ProxmoxClient, options?: CallOptions): Promise<NodeStatus[]>;

export declare function version(client: ProxmoxClient, options?: CallOptions): Promise<ProxmoxVersion>;
