// Stands in for Grafana: what a reverse proxy, a health check, Prometheus and a person at the login see of it.
// It fails, as Grafana does, where its password file or its provisioning folder cannot be read.
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";

const passwordFile = process.env.GF_SECURITY_ADMIN_PASSWORD__FILE;
if (passwordFile === undefined) throw new Error("GF_SECURITY_ADMIN_PASSWORD__FILE is not set");
const password = readFileSync(passwordFile, "utf8").trim();
const provisioning = process.env.GF_PATHS_PROVISIONING ?? "/etc/grafana/provisioning";
const files = readdirSync(provisioning, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.ya?ml$/.test(name),
);
const port = Number(process.env.GF_SERVER_HTTP_PORT ?? 3000);

const page = `<!doctype html>
<title>Grafana (stand-in)</title>
<h1>Not Grafana</h1>
<p>A stand-in for tests, where Grafana itself cannot be had. It found these provisioning files:</p>
<ul>${files.map((name) => `<li>${name}</li>`).join("")}</ul>
`;

async function login(request: IncomingMessage): Promise<number> {
  let body = "";
  for await (const chunk of request) body += chunk;
  try {
    const said: { user?: unknown; password?: unknown } = JSON.parse(body);
    return said.user === "admin" && said.password === password ? 200 : 401;
  } catch {
    return 400;
  }
}

createServer(async (request, response) => {
  const path = new URL(request.url ?? "/", "http://grafana").pathname;
  const json = (status: number, value: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (path === "/api/health") return json(200, { database: "ok", version: "stand-in" });
  if (path === "/login" && request.method === "POST") return json(await login(request), {});
  if (path === "/metrics") {
    return response
      .writeHead(200, { "content-type": "text/plain; version=0.0.4" })
      .end('# TYPE grafana_build_info gauge\ngrafana_build_info{version="stand-in"} 1\n');
  }
  if (path === "/login") return response.writeHead(200, { "content-type": "text/html" }).end(page);
  if (path === "/") return response.writeHead(302, { location: "/login" }).end();
  return json(404, { message: "Not found" });
}).listen(port, () => console.log(`logger=stand-in level=info msg="HTTP Server Listen" port=${port}`));
process.on("SIGTERM", () => process.exit(0));
