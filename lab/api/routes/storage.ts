import { onNode, storageOf, usedBytes } from "../../volumes.ts";
import type { Storage } from "../../world.ts";
import { failure } from "../errors.ts";
import { allowed, type Call, type Permission, type Route } from "../route.ts";

const see: Permission = { at: "/storage/{storage}", any: ["Datastore.Audit", "Datastore.AllocateSpace"] };

/** Storage definitions of the cluster and their state on a node. */
export const storageRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "storage",
    permission: "user",
    handle: (call) => visible(call).filter(ofType(call)).map(definition),
  },
  {
    method: "GET",
    path: "storage/{storage}",
    permission: { at: "/storage/{storage}", all: ["Datastore.Allocate"] },
    handle: (call) => definition(storageOf(call.lab.world, call.path.storage ?? "")),
  },
  {
    method: "GET",
    path: "nodes/{node}/storage",
    permission: "user",
    handle(call) {
      const wanted = call.input.text("storage");
      const content = call.input.list("content");
      return visible(call)
        .filter((storage) => onNode(storage, call.path.node ?? ""))
        .filter((storage) => wanted === undefined || storage.storage === wanted)
        .filter((storage) => content.every((type) => storage.content.split(",").includes(type)))
        .map((storage) => ({ storage: storage.storage, ...state(storage) }));
    },
  },
  {
    method: "GET",
    path: "nodes/{node}/storage/{storage}/status",
    permission: see,
    handle: (call) => state(storageOnNode(call)),
  },
];

/** The storage of a call's path. @throws ApiError where it does not exist on the node. */
export function storageOnNode(call: Call): Storage {
  const storage = storageOf(call.lab.world, call.path.storage ?? "");
  const { node = "" } = call.path;
  if (!onNode(storage, node)) {
    throw failure(`storage '${storage.storage}' is not available on node '${node}'`);
  }
  return storage;
}

function visible(call: Call): Storage[] {
  return Object.values(call.lab.world.storages).filter(({ storage }) =>
    allowed(call, `/storage/${storage}`, ["Datastore.Audit", "Datastore.AllocateSpace"], true),
  );
}

function ofType(call: Call): (storage: Storage) => boolean {
  const type = call.input.text("type");
  return (storage) => type === undefined || storage.type === type;
}

function definition(storage: Storage): Record<string, unknown> {
  return {
    storage: storage.storage,
    type: storage.type,
    content: storage.content,
    ...(storage.path !== undefined && { path: storage.path }),
    ...(storage.nodes !== undefined && { nodes: storage.nodes }),
    ...(storage.type === "lvmthin" && { vgname: "pve", thinpool: "data" }),
    shared: storage.shared,
    digest: "0".repeat(40),
  };
}

function state(storage: Storage): Record<string, unknown> {
  const used = usedBytes(storage);
  const total = storage.totalBytes;
  return {
    type: storage.type,
    content: storage.content,
    active: 1,
    enabled: 1,
    shared: storage.shared,
    total,
    used,
    avail: total - used,
    used_fraction: used / total,
  };
}
