import { request } from "node:http";
import { request as secureRequest } from "node:https";

export interface Question {
  /** The Host header, and with `ca` the name that the certificate has to be for. */
  host?: string;
  port?: number;
  /** 127.0.0.1, unless another of this machine's is said. */
  address?: string;
  method?: string;
  /** JSON. */
  body?: string;
  /** PEM: asked by HTTPS, with this authority alone. */
  ca?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Asks the machine of the stack, as a browser does whose DNS leads every name there; follows no redirect. */
export function ask(path: string, o: Question = {}): Promise<Answer> {
  const { host, method, ca, body } = o;
  const options = {
    host: o.address ?? "127.0.0.1",
    port: o.port ?? (ca === undefined ? 80 : 443),
    path,
    method,
    agent: false,
  };
  const headers = {
    ...(host === undefined ? {} : { host }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  return new Promise((resolve, reject) => {
    const asked =
      ca === undefined
        ? request({ ...options, headers })
        : secureRequest({ ...options, headers, ca, servername: host });
    asked.on("error", reject).on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    asked.end(body);
  });
}

/** The JSON of an answer that is one. */
export async function askJson(path: string, o: Question = {}): Promise<unknown> {
  const { status, text } = await ask(path, o);
  if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 200)}`);
  return JSON.parse(text);
}
