import { io } from "socket.io-client";
import { z } from "zod";

const heartbeat = z.looseObject({ status: z.number() });

export interface Kuma {
  /** `up`, `down`, `pending` or `unchecked` of every monitor, by its name, as the web page shows them now. */
  states(): Record<string, string>;
  close(): void;
}

/** Logs in to Uptime Kuma as its web page does, and takes what it is sent from then on. */
export async function watchKuma(url: string, username: string, password: string): Promise<Kuma> {
  const socket = io(url, { transports: ["websocket"], forceNew: true });
  const names = new Map<number, string>();
  const states = new Map<number, string>();
  const take = (id: number, beat: unknown): void => {
    states.set(id, ["down", "up", "pending", "maintenance"][heartbeat.parse(beat).status] ?? "unchecked");
  };
  socket.on("monitorList", (list: unknown) => {
    names.clear();
    for (const { id, name } of Object.values(monitors.parse(list))) names.set(id, name);
  });
  socket.on("heartbeatList", (id: unknown, beats: unknown) => {
    for (const beat of z.array(z.unknown()).parse(beats)) take(Number(id), beat);
  });
  socket.on("heartbeat", (beat: unknown) =>
    take(z.looseObject({ monitorID: z.number() }).parse(beat).monitorID, beat),
  );
  const answer: unknown = await socket
    .timeout(15_000)
    .emitWithAck("login", { username, password, token: "" });
  z.looseObject({ ok: z.literal(true) }).parse(answer);
  return {
    states: () => Object.fromEntries([...names].map(([id, name]) => [name, states.get(id) ?? "unchecked"])),
    close: () => void socket.disconnect(),
  };
}

const monitors = z.record(z.string(), z.looseObject({ id: z.number(), name: z.string() }));
