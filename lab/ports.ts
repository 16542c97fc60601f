import { createServer } from "node:net";

/** A TCP port that nothing listens on at this address right now. */
export function freePort(address = "127.0.0.1"): Promise<number> {
  return tryPort(0, address).then((port) => port ?? 0);
}

/** The port if it is free, otherwise undefined; 0 asks for any. */
export function tryPort(port: number, address = "127.0.0.1"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    server.listen(port, address, () => {
      const found = server.address();
      server.close(() => resolve(typeof found === "object" && found ? found.port : undefined));
    });
  });
}
