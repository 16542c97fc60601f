import { plain } from "./terminal-text.ts";

const markup = Symbol("markup");

/** Markup that is safe to insert; only `html` makes it. */
export interface Html {
  readonly [markup]: string;
}

type Value = string | number | undefined | Html | readonly Html[];

/**
 * Template tag: every text that is inserted is made `plain` and escaped (for elements and for quoted attributes
 * alike); only what this tag made goes in as it is, lists of it joined.
 */
export function html(fixed: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { [markup]: String.raw({ raw: fixed }, ...values.map(insert)) };
}

/** The text of the markup. */
export function toText(value: Html): string {
  return value[markup];
}

function insert(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeText(plain(value));
  if (typeof value === "number") return String(value);
  if (markup in value) return value[markup];
  return value.map((part) => part[markup]).join("");
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
