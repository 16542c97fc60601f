import { createServer } from "node:http";
import type { Socket } from "node:net";
import { hasFault } from "../core.ts";
import { guestName } from "../guest.ts";
import type { Guest, World } from "../world.ts";

/** Takes over sockets for a service of a guest: every path answers 200, or 500 while that fault is on. */
export function makeHttpAcceptor(world: World, vmid: number): (socket: Socket) => void {
  const server = createServer((_request, response) => {
    const broken = hasFault(world, "http-500", vmid);
    response.writeHead(broken ? 500 : 200, { "Content-Type": "text/plain" });
    const guest = world.guests[String(vmid)];
    response.end(broken ? "out of order\n" : `${guest === undefined ? vmid : guestName(guest)}\n`);
  });
  return (socket) => void server.emit("connection", socket);
}

/** The ports on which a guest that is up listens for HTTP. */
export function httpPorts(world: World, { vmid, inside }: Guest): readonly number[] {
  return hasFault(world, "http-refused", vmid) ? [] : (inside.http ?? []);
}
