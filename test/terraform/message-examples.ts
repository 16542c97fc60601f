/** An assignment a message offers; `value` is HCL. */
export interface Example {
  readonly name: string;
  readonly value: string;
}

/** The first assignment after "for example", "use" or "set" in a message; undefined where it has none. */
export function exampleIn(message: string): Example | undefined {
  const offered = /\b(?:for example|use|set) (\w+) = /g;
  const all = [...message.matchAll(offered)];
  // "use all = true alone, or for example vm_ids = […]": what is called an example goes first.
  const found = all.find(([words]) => words.startsWith("for example")) ?? all[0];
  if (found === undefined) return undefined;
  const value = expressionAt(message, found.index + found[0].length);
  return { name: found[1] ?? "", value };
}

/** The HCL expression that begins at `start`: a string, a list, an object, or a bare word. */
function expressionAt(message: string, start: number): string {
  const rest = message.slice(start);
  const bare = /^[\w-]+/.exec(rest)?.[0];
  if (bare !== undefined) return bare;
  let depth = 0;
  for (const token of rest.matchAll(/"[^"]*"|[[\]{}]|[^"[\]{}]+/g)) {
    if (/^[[{]/.test(token[0])) depth += 1;
    if (/^[\]}]/.test(token[0])) depth -= 1;
    if (depth === 0) return rest.slice(0, token.index + token[0].length);
  }
  return rest;
}
