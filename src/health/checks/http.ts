import type { HttpReply } from "../../connect/http/types.ts";
import { retryWithBackoff } from "../../connect/retry.ts";
import { healthAddress } from "../../model/inventory.ts";
import { isProblem } from "../../model/problem.ts";
import type { NetworkCheck, Outcome } from "../check.ts";

/** Whether a service answers as it is declared to. */
export const http: NetworkCheck<"service"> = {
  asks: "network",
  of: "service",
  name: "http",
  summary: "a GET of url and health_path answers 200; of a url without health_path, anything below 500",
  inside: true,
  run: async ({ service }, { http: client, clock, deadline, signal, log }) => {
    const target = new URL(healthAddress(service));
    const ask = () =>
      client.exchange({
        method: "GET",
        url: target,
        address: service.address ?? undefined,
        headers: { Accept: "*/*" },
        timeoutMs: deadline - clock.now(),
        maxBytes: "unread",
        signal,
      });
    const options = { clock, deadline, signal, log, what: `GET ${target.href}` };
    const reply = await retryWithBackoff(ask, {
      ...options,
      retryable: (error) => isProblem(error, "service-unreachable"),
    });
    return service.health_path === null ? judgeAny(reply) : judge(reply, target);
  },
};

const firstServerError = 500;

/** Without a health_path it may well ask for a login, or lead on to one. */
function judgeAny({ status }: HttpReply): Outcome {
  if (status < firstServerError) return { status: "ok", detail: `answers ${status}` };
  return { ...failed("service-error", status, `answers ${status}`), expected: "below 500" };
}

function judge({ status, redirect }: HttpReply, target: URL): Outcome {
  if (status === 200) return { status: "ok", detail: "answers 200" };
  const path = `${target.pathname}${target.search}`;
  if (redirect !== undefined) {
    const hint = "set health_path to what answers 200 itself, or correct url";
    return { ...failed("service-redirect", status, `${path} redirects to ${redirect}`), hint };
  }
  if (status === 401 || status === 403) {
    const hint = "set health_path to one that needs no login";
    return { ...failed("service-denied", status, `${path} needs a login: it answers ${status}`), hint };
  }
  const code = status < firstServerError ? "service-status" : "service-error";
  return failed(code, status, `${path} answers ${status}`);
}

function failed(code: string, status: number, detail: string) {
  return { status: "fail", code, detail, expected: "200", actual: String(status) } as const;
}
