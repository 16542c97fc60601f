import { parseProperties } from "./property-string.ts";

/** What one parameter may be; the terms are those of PVE::JSONSchema. */
export interface ParameterRule {
  type: "string" | "integer" | "number" | "boolean";
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  values?: readonly string[];
  format?: "dns-name";
  /** A property string: the rules of its parts that are known, and the part that stands without a name. */
  parts?: { bare: string; rules: Readonly<Record<string, ParameterRule>> };
}

const dnsLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const dnsName = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);

/** What Proxmox says about a value that breaks the rule; undefined where it does not. */
export function complaint(rule: ParameterRule, value: string, path: string): string | undefined {
  if (!hasType(rule.type, value)) return `type check ('${rule.type}') failed - got '${value}'`;
  if (rule.minimum !== undefined && Number(value) < rule.minimum) {
    return `value must have a minimum value of ${rule.minimum}`;
  }
  if (rule.maximum !== undefined && Number(value) > rule.maximum) {
    return `value must have a maximum value of ${rule.maximum}`;
  }
  if (rule.maxLength !== undefined && value.length > rule.maxLength) {
    return `value may only be ${rule.maxLength} characters long`;
  }
  if (rule.values && !rule.values.includes(value)) {
    return `value '${value}' does not have a value in the enumeration '${rule.values.join(", ")}'`;
  }
  if (rule.format === "dns-name" && !dnsName.test(value)) {
    return "invalid format - value does not look like a valid DNS name";
  }
  return rule.parts === undefined ? undefined : partComplaint(rule.parts, value, path);
}

function partComplaint(
  { bare, rules }: NonNullable<ParameterRule["parts"]>,
  value: string,
  path: string,
): string | undefined {
  const wrong = [...parseProperties(value, bare)].flatMap(([key, part]) => {
    const rule = rules[key];
    const text = rule === undefined ? undefined : complaint(rule, part, `${path}.${key}`);
    return text === undefined ? [] : [`${path}.${key}: ${text}\n`];
  });
  return wrong.length === 0 ? undefined : `invalid format - format error\n${wrong.join("")}`;
}

function hasType(type: ParameterRule["type"], value: string): boolean {
  if (type === "integer") return /^[+-]?\d+$/.test(value);
  if (type === "number") return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value);
  if (type === "boolean") return /^(1|on|yes|true|0|off|no|false)$/i.test(value);
  return true;
}
