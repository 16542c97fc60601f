import { LabError } from "./lab-error.ts";

/** A lab that has not answered by then is stuck, in milliseconds. */
const answerWithin = 5000;

/**
 * One call of a lab's control API.
 * @throws LabError `refused` with the lab's own words, `failed` for its errors, `not-answering` after five seconds,
 * `not-running` where no server listens, or another one.
 */
export async function controlCall<T>(
  control: { url: string; token: string },
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const { status, text } = await exchange(control, method, path, body);
  const answer = parse(text);
  const refusal = typeof answer?.error === "string" ? answer.error : `HTTP ${status}`;
  if (answer === undefined || status === 401) {
    throw new LabError("not-running", `the lab does not answer: what listens at ${control.url} is another`);
  }
  if (status >= 500) throw new LabError("failed", `the lab failed: ${refusal}`);
  if (status !== 200) throw new LabError("refused", refusal);
  return answer as T;
}

async function exchange(
  control: { url: string; token: string },
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`${control.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${control.token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(answerWithin),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    if (cause instanceof Error && cause.name === "TimeoutError") {
      const limit = `within ${answerWithin / 1000} s`;
      throw new LabError("not-answering", `the lab does not answer at ${control.url} ${limit}`, cause);
    }
    throw new LabError("not-running", `the lab does not answer: no server listens at ${control.url}`, cause);
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
