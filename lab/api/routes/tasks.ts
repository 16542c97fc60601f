import type { Task } from "../../tasks/engine.ts";
import { encodeUpid, isUpid } from "../../tasks/upid.ts";
import { parameterError } from "../errors.ts";
import { allowed, type Call, type Route, requirePrivileges } from "../route.ts";

/** Lines of a task's log that are sent unless `limit` says otherwise. */
const defaultLines = 50;

export const taskRoutes: readonly Route[] = [
  { method: "GET", path: "cluster/tasks", permission: "user", handle: (call) => visible(call).map(row) },
  { method: "GET", path: "nodes/{node}/tasks", permission: "user", handle: listOnNode },
  {
    method: "GET",
    path: "nodes/{node}/tasks/{upid}/status",
    permission: "user",
    async handle(call) {
      const task = taskOf(call);
      await call.lab.tasks.settled(task.upid);
      return status(task);
    },
  },
  { method: "GET", path: "nodes/{node}/tasks/{upid}/log", permission: "user", handle: log },
  {
    method: "DELETE",
    path: "nodes/{node}/tasks/{upid}",
    permission: "user",
    async handle(call) {
      const task = taskOf(call);
      if (task.user !== call.who.name) requirePrivileges(call, `/nodes/${task.node}`, ["Sys.Modify"]);
      await call.lab.tasks.cancel(task.upid);
    },
  },
];

// One's own tasks, or all of a node with Sys.Audit there.
function visible(call: Call): Task[] {
  return call.lab.tasks
    .list()
    .filter((task) => task.user === call.who.name || allowed(call, `/nodes/${task.node}`, ["Sys.Audit"]));
}

function listOnNode(call: Call): unknown {
  const { input } = call;
  const start = input.int("start") ?? 0;
  const source = input.text("source") ?? "archive";
  const found = visible(call).filter(
    (task) =>
      task.node === call.path.node &&
      fits(input.text("vmid"), task.id) &&
      fits(input.text("typefilter"), task.type) &&
      (input.text("userfilter") === undefined || task.user.includes(input.text("userfilter") ?? "")) &&
      (source === "all" || (source === "active") === (task.exitstatus === undefined)) &&
      (!input.flag("errors") || (task.exitstatus !== undefined && task.exitstatus !== "OK")) &&
      task.starttime >= (input.int("since") ?? 0) &&
      task.starttime <= (input.int("until") ?? Number.POSITIVE_INFINITY),
  );
  call.beside.total = found.length;
  return found.slice(start, start + (input.int("limit") ?? 50)).map(row);
}

function fits(wanted: string | undefined, value: string): boolean {
  return wanted === undefined || wanted === value;
}

function row(task: Task): Record<string, unknown> {
  const { node, pid, pstart, starttime, type, id, user, upid } = task;
  return {
    upid,
    node,
    pid,
    pstart,
    starttime,
    type,
    id,
    user,
    ...(task.endtime !== undefined && { endtime: task.endtime, status: task.exitstatus }),
  };
}

function status(task: Task): Record<string, unknown> {
  const { log: _log, endtime: _end, exitstatus, ...rest } = task;
  return exitstatus === undefined
    ? { ...rest, status: "running" }
    : { ...rest, status: "stopped", exitstatus };
}

function log(call: Call): unknown {
  const task = taskOf(call);
  const start = call.input.int("start") ?? 0;
  const limit = call.input.int("limit") ?? defaultLines;
  call.beside.total = task.log.length;
  const lines = limit === 0 ? task.log.slice(start) : task.log.slice(start, start + limit);
  if (task.log.length === 0) return [{ n: 1, t: "no content" }];
  return lines.map((t, index) => ({ n: start + index + 1, t }));
}

// An unknown UPID is a 400 (PVE::Tools::upid_read_status dies inside parameter checks); pollers rely on it.
function taskOf(call: Call): Task {
  const upid = call.path.upid ?? "";
  if (!isUpid(upid)) throw parameterError({ upid: `unable to parse worker upid '${upid}'` });
  const task = call.lab.tasks.find(upid);
  if (!task || encodeUpid(task) !== upid) throw parameterError({ upid: "no such task" });
  if (task.user !== call.who.name) requirePrivileges(call, `/nodes/${task.node}`, ["Sys.Audit"]);
  return task;
}
