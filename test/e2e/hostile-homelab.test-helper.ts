import { chmodSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { startServer } from "../../src/connect/proxmox/server.test-helper.ts";
import { makeLogin, startSshServer } from "../../src/connect/ssh/server.test-helper.ts";
import { openDesk } from "./cli.test-helper.ts";

// A homelab in which everything that answers sends what a terminal would obey, and the token it was given.

const token = "watch@pve!health=3f0c8a52-77b1-4c1e-9a44-5d2e8f1b6c90";
export const secret = token.slice(token.indexOf("=") + 1);
/** ESC, C1 and what turns text round; as bytes of UTF-8 it is C1 in a reason phrase once more. */
const controls = "\u001b[31m\u001b]0;owned\u0007\u009b2J\u202e\u2066\r";

/** Text of one source: `MARK-api-body` tells that it has arrived. */
const hostile = (source: string) => `${controls}MARK-${source} ${secret} ${controls}`;

const echoes = [
  token,
  encodeURIComponent(token),
  Buffer.from(token).toString("base64"),
  Buffer.from(`user:${secret}`).toString("base64"),
];

export async function openHostileHomelab() {
  const desk = openDesk();
  const login = makeLogin();
  const server = await startServer(proxmox);
  const plan = JSON.stringify(hostilePlan);
  const diagnostic = JSON.stringify({
    "@level": "error",
    "@message": hostile("message"),
    type: "diagnostic",
    diagnostic: { severity: "error", summary: hostile("summary"), detail: hostile("detail") },
  });
  const tools = {
    drift: tool("changes", `case $1 in plan) exit 2;; show) cat <<'END'\n${plan}\nEND\nesac`),
    broken: tool("broken", `[ "$1" = init ] && { cat <<'END'\n${diagnostic}\nEND\nexit 1; }`),
  };
  function tool(name: string, body: string): string {
    const version = `[ "$1" = version ] && { echo '{"terraform_version":"1.11.4"}'; exit; }`;
    const file = desk.write(`bin/${name}`, `#!/bin/sh\n${version}\n${body}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  const banner = hostile("banner").replaceAll("\r", "");
  const refusing = await startSshServer({ authorized: makeLogin().publicKey, banner: `${banner}\n` });
  const silent = await startSshServer({
    authorized: login.publicKey,
    onExec: (channel) => {
      channel.stderr.write(`${hostile("stderr")}\n`);
      channel.exit(3);
      channel.end();
    },
  });
  const talking = await startSshServer({
    authorized: login.publicKey,
    onExec: (channel) => {
      let script = "";
      channel.on("data", (chunk: Buffer) => (script += chunk.toString()));
      channel.on("end", () => {
        for (const [, own = ""] of script.matchAll(/^printf '(?:\\n)?(@pve-home .*)\\n'$/gm)) {
          const question = !/ probe | end$/.test(own);
          channel.write(question ? ` ${hostile("output")}\n \n 3\n\n${own}\n` : `\n${own}\n`);
        }
        channel.exit(0);
        channel.end();
      });
    },
  });
  const guests = [
    ["refusing", refusing],
    ["silent", silent],
    ["talking", talking],
  ] as const;
  desk.write("prod.json", {
    schema_version: 1,
    environment: "prod",
    guests: guests.map(([name, { target }], index) => ({
      // The schema keeps control characters out of names, and not what turns text round.
      name: `${name}\u202eMARK-name`,
      type: "vm",
      vmid: 200 + index,
      node: "pve\u001b[2J\u009b1m",
      address: target.host,
      ssh_user: target.user,
      ssh_port: target.port,
      docker: true,
      agent: true,
      on_boot: true,
      tags: [],
    })),
    services: [],
  });
  const known = guests.map(([, { target, hostKey }]) => `[${target.host}]:${target.port} ${hostKey}\n`);
  desk.write("state/known_hosts", known.join(""));
  for (const name of ["prod", "broken"]) desk.write(`env/${name}/main.tf`, "");
  desk.write("logs/keep", "");
  desk.write(
    "pve-home.yaml",
    `environments:
  prod: { directory: env/prod, inventory: prod.json, tool: terraform, program: ${tools.drift} }
  broken: { directory: env/broken, inventory: prod.json, tool: terraform, program: ${tools.broken} }
proxmox: { endpoint: "${server.endpoint}", api_token: "env:WATCH", tls: { ca_file: ${server.caFile} } }
ssh: { identity_file: ${login.identityFile}, config: none }
metrics: { directory: metrics }
drift: { report_directory: logs }
state_directory: state
`,
  );
  return {
    desk,
    read: (name: string) => readFileSync(desk.path(name), "utf8"),
    env: { WATCH: token },
    run: (...args: string[]) => desk.run(args, { env: { WATCH: token } }),
    close: async () => {
      await Promise.all([server.close(), refusing.close(), silent.close(), talking.close()]);
      desk.close();
    },
  };
}

/** Says its version, and refuses everything else: a reason phrase and a body that no Proxmox would send. */
function proxmox(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === "/api2/json/version") {
    response.end(JSON.stringify({ data: { version: "9.0.3", release: "9.0" } }));
    return;
  }
  const message = `${hostile("body")} ${echoes.join(" ")}`;
  // Where the body says something it counts, else the phrase.
  const body = request.url?.includes("/nodes") ? "" : JSON.stringify({ message });
  const reason = `${hostile("reason").replaceAll("\r", "")} ${echoes.join(" ")}`;
  response.socket?.end(`HTTP/1.1 502 ${reason}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

const hostilePlan = {
  format_version: "1.2",
  output_changes: { [hostile("output-name")]: { actions: ["create"], before: null, after: "x" } },
  resource_changes: [
    {
      address: `proxmox_virtual_environment_vm.this["${hostile("address")}"]`,
      mode: "managed",
      type: "proxmox_virtual_environment_vm",
      name: "this",
      provider_name: "registry.terraform.io/bpg/proxmox",
      change: {
        actions: ["update"],
        before: { description: hostile("before"), name: "web" },
        after: { description: hostile("after"), name: "web" },
        after_unknown: {},
        before_sensitive: {},
        after_sensitive: {},
      },
    },
  ],
};
