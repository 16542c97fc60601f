import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { askJson } from "./ask.test-helper.ts";

const reply = z.object({
  data: z.object({
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()])),
      }),
    ),
  }),
});

/** The streams of a LogQL query over the last hour: labels and lines. */
export async function queryLoki(
  query: string,
): Promise<{ labels: Record<string, string>; lines: string[] }[]> {
  const json = await askJson(
    `/loki/api/v1/query_range?since=1h&limit=100&query=${encodeURIComponent(query)}`,
    { port: 3100 },
  );
  return reply
    .parse(json)
    .data.result.map(({ stream, values }) => ({ labels: stream, lines: values.map(([, line]) => line) }));
}

/** Asks until a line is there, and returns its labels and for how long it was asked for, in milliseconds. */
export async function findLine(query: string): Promise<{ labels: Record<string, string>; after: number }> {
  const began = Date.now();
  for (;;) {
    const [found] = await queryLoki(query);
    if (found !== undefined) return { labels: found.labels, after: Date.now() - began };
    if (Date.now() - began > 60_000) throw new Error(`nothing in Loki after a minute: ${query}`);
    await sleep(100);
  }
}
