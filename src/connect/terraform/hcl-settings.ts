const comment = /("(?:\\.|[^"\\\n])*")|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** HCL without its comments. */
export function withoutComments(text: string): string {
  return text.replace(comment, (_, quoted: string | undefined) => quoted ?? "");
}

const token =
  /(?:"(?<quoted>[^"\n]*)"|(?<name>[\w-]+))\s*(?:[=:]?\s*(?<open>\{)|[=:]\s*(?:"(?<text>(?:\\.|[^"\\\n])*)"|(?<word>true|false|-?[\d.]+)\b))|(?<close>\})/g;

/**
 * The literal settings in the body of a block or in a file of `-backend-config`, those of a nested map with their path:
 * `endpoints.s3`. What has to be evaluated is left out.
 */
export function settingsIn(code: string): Record<string, string> {
  const settings: Record<string, string> = {};
  const path: string[] = [];
  for (const { groups = {} } of code.matchAll(token)) {
    if (groups.close !== undefined) {
      path.pop();
      continue;
    }
    const name = groups.quoted ?? groups.name ?? "";
    const value = groups.text === undefined ? groups.word : literal(groups.text);
    if (groups.open !== undefined) path.push(name);
    else if (value !== undefined) settings[[...path, name].join(".")] = value;
  }
  return settings;
}

function literal(quoted: string): string | undefined {
  if (/(?<![$%])[$%]\{/.test(quoted)) return undefined;
  try {
    const value: unknown = JSON.parse(`"${quoted}"`);
    return String(value).replace(/([$%])\1\{/g, "$1{");
  } catch {
    return undefined;
  }
}

/** Settings as a file of `-backend-config`; `endpoints.s3` goes into a map again. */
export function hclSettings(settings: Readonly<Record<string, string>>): string {
  const maps = new Map<string, string[]>();
  const lines = Object.entries(settings).flatMap(([path, value]) => {
    const [name = "", inner] = path.split(/\.(.*)/s);
    if (inner === undefined) return [`${name} = ${hclString(value)}`];
    maps.set(name, [...(maps.get(name) ?? []), `${inner} = ${hclString(value)}`]);
    return [];
  });
  const nested = [...maps].map(([name, entries]) => `${name} = { ${entries.join(", ")} }`);
  return [...lines, ...nested, ""].join("\n");
}

function hclString(value: string): string {
  return JSON.stringify(value).replace(/[$%](?=\{)/g, "$&$&");
}
