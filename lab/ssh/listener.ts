import { createServer, type Server, type Socket } from "node:net";

export interface Listener {
  /** The port in use, also where any free one was asked for. */
  port: number;
  /** Stops listening and cuts what is connected, as power off does. */
  close(): Promise<void>;
}

/** Listens at one address and port (0: any free one); undefined, and a line in the log, where that is not possible. */
export function openListener(
  address: string,
  asked: number,
  accept: (socket: Socket) => void,
  log: (line: string) => void,
): Promise<Listener | undefined> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.setNoDelay(true);
    accept(socket);
  });
  return new Promise((resolve) => {
    server.once("error", (error) => {
      log(`cannot listen on ${address} port ${asked}: ${error.message}`);
      resolve(undefined);
    });
    server.listen({ host: address, port: asked, backlog: 511 }, () => {
      server.removeAllListeners("error");
      server.on("error", (error) => log(`${address} port ${asked}: ${error.message}`));
      const bound = server.address();
      const port = typeof bound === "object" && bound !== null ? bound.port : asked;
      resolve({ port, close: () => closeAll(server, sockets) });
    });
  });
}

function closeAll(server: Server, sockets: Set<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
