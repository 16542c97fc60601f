import { connect, createServer } from "node:net";
import { codeOf } from "./system-error.ts";

/**
 * Whether a program of this machine has the TCP port at an address, empty for all addresses. A port that this user may not
 * take (below 1024) is asked instead: then only what answers at the address, or on loopback, counts.
 */
export async function portInUse(port: number, address: string): Promise<boolean> {
  const refused = await listen(port, address);
  if (refused === undefined) return false;
  return refused === "EACCES" ? answers(port, address || "127.0.0.1") : refused === "EADDRINUSE";
}

function listen(port: number, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(codeOf(error) ?? "EUNKNOWN"));
    server.listen({ port, host: address || "0.0.0.0", exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}

const answerMs = 1000;

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: answerMs });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => settle(true));
    for (const event of ["error", "timeout"] as const) socket.once(event, () => settle(false));
  });
}
