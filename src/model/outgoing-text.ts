import { redact } from "./redact.ts";

/** Text from anywhere as it may leave the program, into a file or to a terminal: without secrets, and inert. */
export function outgoing(text: string): string {
  return spelled(redact(text));
}

// Joiners are what emoji and several scripts need. Noncharacters are ours: see `paint`.
const unsafe = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029\p{Noncharacter_Code_Point}]/gu;

/**
 * Control characters (but line feed and tab), those that turn text round and those that nothing shows, spelled out as
 * `\u009b`: so a terminal obeys none, and a JSON document says the same as before.
 */
export function spelled(text: string): string {
  return text.toWellFormed().replace(unsafe, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
