import { howEnded } from "../connect/ssh/connection.ts";
import { type SshRetry, withSshRetry } from "../connect/ssh/exec-retry.ts";
import { sshProblem } from "../connect/ssh/failures.ts";
import type { SshSession } from "../connect/ssh/types.ts";
import type { Login } from "./check.ts";
import { markOf, type Probe, type Question } from "./probe.ts";
import { type Reply, readProbe } from "./probe-output.ts";

/** The answers of one guest as they arrive. Each is a Problem where the connection ended, or hung, before it. */
export interface AskedGuest {
  login: Promise<Login>;
  replyTo(question: Question): Promise<Reply>;
}

/**
 * Sends the probe over one connection, and again where that may help. With a restricted key the guest runs its own
 * probe instead, whatever is sent. What was answered before a failure stays answered.
 */
export function askGuest(open: () => SshSession, probe: Probe, limits: SshRetry): AskedGuest {
  const login = Promise.withResolvers<Login>();
  const replies = new Map(probe.marks.map((mark) => [mark, Promise.withResolvers<Reply>()]));
  const all = [login, ...replies.values()];
  // Not every one is waited for.
  for (const { promise } of all) promise.catch(() => undefined);

  const attempt = async (session: SshSession, timeoutMs: () => number) => {
    let ended = false;
    const onLine = readProbe({
      onStart: (hash) => login.resolve({ outdated: hash !== probe.hash }),
      onReply: (mark, reply) => replies.get(mark)?.resolve(reply),
      onEnd: () => {
        ended = true;
        for (const { resolve } of replies.values()) resolve("unasked");
      },
    });
    const result = await session.run("sh", { stdin: probe.script, timeoutMs, onLine });
    if (!ended) throw sshProblem("failed", session.target, howEnded({ ...result, signal: null }));
  };
  const work = async () => {
    const session = open();
    await withSshRetry(session, limits, (timeoutMs) => attempt(session, timeoutMs));
  };
  work().catch((error: unknown) => {
    for (const { reject } of all) reject(error);
  });
  return {
    login: login.promise,
    replyTo: (question) => replies.get(markOf(question))?.promise ?? Promise.resolve("unasked"),
  };
}
