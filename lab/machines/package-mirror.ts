import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export interface PackageMirror {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves the files of one folder over HTTP: a flat apt repository for the lab's machines. Port 0 takes a free one.
 * @throws the system's error where the port is taken
 */
export async function servePackages(folder: string, address: string, port: number): Promise<PackageMirror> {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://mirror").pathname);
    // One folder without folders in it; apt asks for `./NAME`, which has become `/NAME`.
    const name = /^\/([^/]+)$/.exec(path)?.[1];
    const file = name === undefined ? undefined : join(folder, name);
    const info = file === undefined ? undefined : await stat(file).catch(() => undefined);
    if (file === undefined || !info?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-length": info.size, "last-modified": info.mtime.toUTCString() });
    if (request.method === "HEAD") response.end();
    else
      createReadStream(file)
        .on("error", () => response.destroy())
        .pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
