import { connect } from "node:net";
import type { Connection } from "ssh2";

/** Lets clients use the machine as a jump host (`ssh -J`), to places `mayReach` names and to no others. */
export function serveForwarding(
  connection: Connection,
  mayReach: (address: string, port: number) => boolean,
): void {
  connection.on("tcpip", (accept, reject, { destIP, destPort }) => {
    if (!mayReach(destIP, destPort)) return reject();
    const socket = connect({ host: destIP, port: destPort });
    socket.once("error", () => reject());
    socket.once("connect", () => {
      const channel = accept();
      if (!channel) return void socket.destroy();
      channel.on("error", () => {});
      socket.on("error", () => channel.destroy());
      channel.on("close", () => socket.destroy());
      socket.pipe(channel).pipe(socket);
    });
  });
}
