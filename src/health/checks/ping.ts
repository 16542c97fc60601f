import { BlockList, isIPv6 } from "node:net";
import { callerEnvironment } from "../../connect/environment.ts";
import { type ChildResult, runChild } from "../../connect/process.ts";
import { retryWithBackoff } from "../../connect/retry.ts";
import { isProblem, Problem } from "../../model/problem.ts";
import type { NetworkCheck, Outcome, RunContext } from "../check.ts";

/** Runs the system's ping program once; `seconds` is how long it waits for the one reply. */
export type Ping = (address: string, seconds: number, context: RunContext) => Promise<ChildResult>;

/** Whether the guest answers an ICMP echo. */
export const ping: NetworkCheck<"guest"> = pingWith(systemPing);

/** The same with another program, for tests. */
export function pingWith(program: Ping): NetworkCheck<"guest"> {
  return {
    asks: "network",
    of: "guest",
    name: "ping",
    summary: "the guest answers ping",
    inside: true,
    // A firewall that drops echoes is no reason to get up at night.
    outweighedBy: "ssh",
    run: async ({ guest: { address } }, context): Promise<Outcome> => {
      if (address === null) return { status: "skipped", detail: "its address is not known" };
      if (isLoopback(address)) {
        return { status: "skipped", detail: "a loopback address: this machine answers for every one" };
      }
      const seconds = secondsPerAttempt(context);
      const { stdout } = await retryWithBackoff(
        async () => judge(address, await program(address, seconds, context)),
        {
          ...retryOf(context),
          what: `ping ${address}`,
          retryable: (error) => isProblem(error, "ping-silent"),
        },
      );
      const time = /(?:=|time[=<])\s*([\d.]+)/.exec(stdout.slice(stdout.search(/rtt|round-trip|time[=<]/)));
      return { status: "ok", detail: time === null ? "answers" : `answers in ${time[1]} ms` };
    },
  };
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function isLoopback(address: string): boolean {
  return address === "localhost" || loopback.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

const attempts = 3;
/** 1 s and 2 s. */
const waitsMs = 3000;

function retryOf({ clock, deadline, signal, log }: RunContext) {
  return { attempts, clock, deadline, signal, log };
}

/** Whole seconds, because busybox knows no others. */
function secondsPerAttempt({ clock, deadline }: RunContext): number {
  return Math.max(1, Math.floor((deadline - clock.now() - waitsMs) / attempts / 1000));
}

function systemPing(address: string, seconds: number, context: RunContext): Promise<ChildResult> {
  // macOS counts -W in milliseconds and has a program of its own for IPv6, which knows no -W.
  const mac = process.platform === "darwin";
  const six = isIPv6(address);
  const limit = mac ? (six ? [] : ["-W", String(seconds * 1000)]) : ["-W", String(seconds)];
  return runChild({
    program: mac && six ? "ping6" : "ping",
    // Quiet: a name for the address of the reply is not looked up, which takes long while DNS is down.
    args: ["-q", "-c", "1", ...limit, address],
    env: callerEnvironment((name) => name === "PATH"),
    timeoutMs: Math.max(1, context.deadline - context.clock.now()),
    signal: context.signal,
    missingHint: "install it (Debian: apt install iputils-ping)",
  });
}

function judge(address: string, result: ChildResult): ChildResult {
  if (result.exitCode === 0) return result;
  const text = `${result.stdout}\n${result.stderr}`;
  const [first = ""] = result.stderr.trim().split("\n");
  if (/not permitted|permission denied/i.test(text)) {
    throw new Problem({
      kind: "undetermined",
      code: "ping-forbidden",
      message: "this user may not send a ping",
      hint: "sudo sysctl -w net.ipv4.ping_group_range='0 2147483647'",
    });
  }
  if (/not known|unknown host|bad address|name resolution|cannot resolve/i.test(text)) {
    throw new Problem({
      kind: "undetermined",
      code: "name-unresolved",
      message: `the name ${address} does not resolve`,
    });
  }
  if (/usage|invalid option|unrecognized option/i.test(text)) {
    throw new Problem({ kind: "undetermined", code: "ping-failed", message: `ping failed: ${first}` });
  }
  throw new Problem({
    kind: "undetermined",
    code: "ping-silent",
    message: /unreachable|no route/i.test(text) ? `no way to ${address}` : `${address} does not answer ping`,
  });
}
