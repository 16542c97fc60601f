import type { Route } from "./route.ts";
import { accessRoutes } from "./routes/access.ts";
import { agentRoutes } from "./routes/agent.ts";
import { agentExecRoutes } from "./routes/agent-exec.ts";
import { agentFileRoutes } from "./routes/agent-files.ts";
import { backupJobRoutes } from "./routes/backup-jobs.ts";
import { clusterRoutes } from "./routes/cluster.ts";
import { clusterResourceRoutes } from "./routes/cluster-resources.ts";
import { firewallRoutes } from "./routes/firewall.ts";
import { firewallGroupRoutes } from "./routes/firewall-groups.ts";
import { guestCloneRoutes } from "./routes/guest-clone.ts";
import { guestConfigRoutes } from "./routes/guest-config.ts";
import { guestCreateRoutes } from "./routes/guest-create.ts";
import { guestDestroyRoutes } from "./routes/guest-destroy.ts";
import { guestMoveRoutes } from "./routes/guest-move.ts";
import { guestSnapshotRoutes } from "./routes/guest-snapshots.ts";
import { guestStatusRoutes } from "./routes/guest-status.ts";
import { lxcInterfaceRoutes } from "./routes/lxc-interfaces.ts";
import { nodeRoutes } from "./routes/nodes.ts";
import { poolRoutes } from "./routes/pools.ts";
import { storageRoutes } from "./routes/storage.ts";
import { storageContentRoutes } from "./routes/storage-content.ts";
import { storageUploadRoutes } from "./routes/storage-upload.ts";
import { taskRoutes } from "./routes/tasks.ts";
import { versionRoutes } from "./routes/version.ts";
import { vzdumpRoutes } from "./routes/vzdump.ts";

/** Every endpoint of the lab; a new group of routes is one file and one line here. */
export const allRoutes: readonly Route[] = [
  ...versionRoutes,
  ...accessRoutes,
  ...taskRoutes,
  ...clusterRoutes,
  ...clusterResourceRoutes,
  ...nodeRoutes,
  ...poolRoutes,
  ...(["qemu", "lxc"] as const).flatMap((kind) => [
    ...guestStatusRoutes(kind),
    ...guestConfigRoutes(kind),
    ...guestCreateRoutes(kind),
    ...guestCloneRoutes(kind),
    ...guestDestroyRoutes(kind),
    ...guestSnapshotRoutes(kind),
    ...guestMoveRoutes(kind),
  ]),
  ...agentRoutes,
  ...agentExecRoutes,
  ...agentFileRoutes,
  ...lxcInterfaceRoutes,
  ...firewallRoutes,
  ...firewallGroupRoutes,
  ...storageRoutes,
  ...storageContentRoutes,
  ...storageUploadRoutes,
  ...backupJobRoutes,
  ...vzdumpRoutes,
];
