import { inspect } from "node:util";
import { remember } from "./redact.ts";

const hidden = "[secret]";

/**
 * A value that never shows itself: printing, JSON and `inspect` all give `[secret]`. Only the line that hands it
 * to its destination (a header, a child's environment) calls `reveal`. Where a server sends it back, `redact` knows it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    remember(value);
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}
