import { readFileSync } from "node:fs";
import { type Agent, Agent as HttpsAgent, request } from "node:https";
import { type ControlClient, controlClient } from "../control-client.ts";
import { type LabOptions, type RunningLab, startLab } from "../lab.ts";
import { addToken } from "../seed.ts";
import type { Privileges } from "../world.ts";

export interface Answer {
  status: number;
  /** HTTP reason phrase. */
  reason: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on answers of many shapes
  data: any;
  /** The whole body, parsed; undefined where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on answers of many shapes
  body: any;
}

type Parameters = Record<string, string | number | readonly string[]>;

export interface ApiUnderTest {
  lab: RunningLab;
  control: ControlClient;
  /** Calls the API as the administrator's token. GET and DELETE send parameters in the query. */
  call(method: string, path: string, parameters?: Parameters): Promise<Answer>;
  /** The same with a new token that has just these privileges. */
  as(privileges: Privileges): ApiUnderTest["call"];
  /** Calls the API of another node than the first. */
  at(node: string): ApiUnderTest["call"];
  /** Calls with nothing but these headers and this body. */
  raw(method: string, path: string, headers: Record<string, string>, body?: string | Buffer): Promise<Answer>;
  /** Calls, expects a UPID and waits until the task has ended; its exit status. */
  task(method: string, path: string, parameters?: Parameters): Promise<string>;
  close(): Promise<void>;
}

/** A lab of its own, and what calls it over HTTPS with its certificate verified. */
export async function apiUnderTest(options: LabOptions = {}): Promise<ApiUnderTest> {
  const lab = await startLab({ sshPort: 0, taskSeconds: 0.01, ...options });
  const agent = new HttpsAgent({ keepAlive: true, ca: readFileSync(lab.facts.caFile) });
  const rawAt =
    (endpoint: string): ApiUnderTest["raw"] =>
    (method, path, headers, body) =>
      send(agent, new URL(`api2/json/${path}`, endpoint), method, headers, body);
  const raw = rawAt(lab.facts.endpoint);
  const caller =
    (token: string, send = raw): ApiUnderTest["call"] =>
    (method, path, parameters = {}) => {
      const form = encode(parameters);
      const inQuery = method === "GET" || method === "DELETE";
      const headers: Record<string, string> = { Authorization: `PVEAPIToken=${token}` };
      if (inQuery) return send(method, form === "" ? path : `${path}?${form}`, headers);
      if (form !== "") headers["Content-Type"] = "application/x-www-form-urlencoded";
      return send(method, path, headers, form);
    };
  const call = caller(lab.facts.tokens.terraform);
  let tokens = 0;
  return {
    lab,
    control: controlClient(lab.facts),
    raw,
    call,
    as(privileges) {
      tokens += 1;
      const { id, secret } = addToken(lab.world, `test@pve!t${tokens}`, privileges);
      return caller(`${id}=${secret}`);
    },
    at(node) {
      const { endpoint } = lab.facts.apis.find((one) => one.node === node) ?? lab.facts;
      return caller(lab.facts.tokens.terraform, rawAt(endpoint));
    },
    async task(method, path, parameters) {
      const { data, body } = await call(method, path, parameters);
      if (!/^UPID:/.test(String(data))) throw new Error(`no task: ${JSON.stringify(body)}`);
      const node = String(data).split(":")[1];
      for (;;) {
        const status = await call("GET", `nodes/${node}/tasks/${encodeURIComponent(data)}/status`);
        if (status.data.status === "stopped") return status.data.exitstatus;
      }
    },
    async close() {
      agent.destroy();
      await lab.close();
    },
  };
}

function encode(parameters: Parameters): string {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) form.append(key, String(one));
  }
  return form.toString();
}

function send(
  agent: Agent,
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: string | Buffer = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = { "Content-Length": String(Buffer.byteLength(body)) };
    const sent = request(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const parsed = text === "" ? undefined : JSON.parse(text);
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? "",
          data: parsed?.data,
          body: parsed,
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
