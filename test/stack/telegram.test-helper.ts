import { createServer } from "node:http";
import { z } from "zod";

export interface Telegram {
  port: number;
  token: string;
  /** Messages that arrived, with where they were sent to. */
  messages: { chat_id: string; text: string }[];
  close(): void;
}

/** Stands in for Telegram's API: takes `sendMessage` of one bot, as https://core.telegram.org/bots/api has it. */
export async function startTelegram(): Promise<Telegram> {
  const token = `4711:${"planted-telegram-token".padEnd(35, "x")}`;
  const messages: Telegram["messages"] = [];
  const body = z.object({ chat_id: z.coerce.string(), text: z.string().min(1).max(4096) });
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const answer = (status: number, value: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (!request.url?.startsWith(`/bot${token}/`)) {
      return answer(401, { ok: false, error_code: 401, description: "Unauthorized" });
    }
    const form = request.headers["content-type"]?.startsWith("application/json")
      ? JSON.parse(text)
      : Object.fromEntries(new URLSearchParams(text));
    const message = body.parse(form);
    messages.push(message);
    const { chat_id, text: said } = message;
    const chat = { id: Number(chat_id), type: "private" };
    return answer(200, { ok: true, result: { message_id: messages.length, date: 0, chat, text: said } });
  });
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { port, token, messages, close: () => void server.close() };
}
