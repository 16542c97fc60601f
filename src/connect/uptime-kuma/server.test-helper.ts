import { createServer } from "node:http";
import { Server, type Socket } from "socket.io";
import { onTestFinished } from "vitest";

// Not Uptime Kuma, but its events as server/server.js of 1.23.17, 2.0.0-dev.0 and 2.5.3 has them. The real one is asked in
// the tests of the stack.

export interface KumaStandIn {
  url: string;
  /** By id; a test may change them as a user does. */
  monitors: Map<number, Record<string, unknown>>;
  /** Names of the events that changed something, in their order. */
  changes: string[];
  users: Map<string, string>;
  close(): Promise<void>;
}

interface Options {
  version?: string;
  /** Its users ask for a second factor. */
  secondFactor?: true;
  /** What it does not answer. */
  silent?: string;
}

type Answer = (answer: unknown) => void;

export async function startKumaStandIn({
  version = "2.5.3",
  secondFactor,
  silent,
}: Options = {}): Promise<KumaStandIn> {
  const http = createServer();
  const io = new Server(http, { serveClient: false });
  const monitors: KumaStandIn["monitors"] = new Map();
  const users = new Map<string, string>();
  const changes: string[] = [];
  const state = { version, secondFactor: secondFactor === true, monitors, users, changes };
  io.on("connection", (socket) => {
    socket.emit("info", { primaryBaseURL: null });
    const handlers = { ...publicEvents(state, socket), ...ownEvents(state, socket) };
    for (const [event, handler] of Object.entries(handlers)) {
      if (event !== silent) socket.on(event, handler);
    }
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  const address = http.address();
  const close = () => io.close();
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    ...{ monitors, changes, users, close },
  };
}

interface State extends Pick<KumaStandIn, "monitors" | "users" | "changes"> {
  version: string;
  secondFactor: boolean;
}

function publicEvents({ version, secondFactor, monitors, users, changes }: State, socket: Socket) {
  return {
    needSetup: (answer: Answer) => answer(users.size === 0),
    setup: (user: string, password: string, answer: Answer) => {
      if (users.size > 0) return answer({ ok: false, msg: "Uptime Kuma has been initialized." });
      users.set(user, password);
      changes.push("setup");
      answer({ ok: true, msg: "successAdded" });
    },
    login: ({ username, password }: { username: string; password: string }, answer: Answer) => {
      if (users.get(username) !== password)
        return answer({ ok: false, msg: "authIncorrectCreds", msgi18n: true });
      if (secondFactor) return answer({ tokenRequired: true });
      socket.data.user = username;
      socket.emit("monitorList", Object.fromEntries(monitors));
      socket.emit("info", { version, latestVersion: version });
      answer({ ok: true, token: "jwt" });
    },
  };
}

/** For a user who has logged in. */
function ownEvents({ version, monitors, changes }: State, socket: Socket) {
  const own =
    (event: string, work: (value: never) => void) =>
    (value: unknown, answer: Answer): void => {
      try {
        if (socket.data.user === undefined) throw new Error("You are not logged in.");
        work(value as never);
        changes.push(event);
        answer({ ok: true, msg: "successAdded" });
      } catch (error) {
        answer({ ok: false, msg: error instanceof Error ? error.message : "" });
      }
    };
  const isOld = /^1\.|-dev/.test(version);
  return {
    add: own("add", (monitor: Record<string, unknown>) => {
      if (!Array.isArray(monitor.accepted_statuscodes))
        throw new Error("Accepted status codes are not all strings");
      if (Number(monitor.interval) < 20) throw new Error("Interval cannot be less than 20 seconds");
      if (isOld && "conditions" in monitor) throw new Error("table monitor has no column named conditions");
      if (!isOld && !("conditions" in monitor))
        throw new Error("NOT NULL constraint failed: monitor.conditions");
      const id = Math.max(0, ...monitors.keys()) + 1;
      monitors.set(id, { ...monitor, id, tags: [], pathName: monitor.name });
    }),
    editMonitor: own("editMonitor", (monitor: Record<string, unknown>) => {
      const id = Number(monitor.id);
      const before = monitors.get(id);
      if (before === undefined) throw new Error("Cannot read properties of null (reading 'user_id')");
      // All fields are taken from what is sent: one that is left out is lost.
      monitors.set(id, monitor);
    }),
    deleteMonitor: own("deleteMonitor", (id: number) => void monitors.delete(id)),
  };
}
