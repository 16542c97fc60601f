import type { JsonValue } from "../model/json.ts";
import { childOf, isObject } from "../model/json.ts";
import { namesIn } from "./address.ts";

/**
 * Tells of an attribute whose new value is not known yet whether the code could be the reason: the code gives it by
 * an expression that refers to something. Attributes the provider computes are unknown whenever anything else about
 * their resource changes, and are no change of their own.
 */
export function configuredAttributes(configuration: unknown): (address: string, path: string) => boolean {
  const root = isObject(configuration) ? configuration.root_module : undefined;
  return (address, path) => {
    const expressions = childOf(resourceIn(root, namesIn(address)), "expressions");
    return mayBeGiven(expressions, stepsOf(path));
  };
}

function resourceIn(root: JsonValue | undefined, names: string[]): JsonValue | undefined {
  let module = root;
  let rest = names;
  while (rest[0] === "module" && rest[1] !== undefined) {
    module = childOf(childOf(childOf(module, "module_calls"), rest[1]), "module");
    rest = rest.slice(2);
  }
  const resources = childOf(module, "resources");
  const address = rest.join(".");
  return Array.isArray(resources)
    ? resources.find((resource) => childOf(resource, "address") === address)
    : undefined;
}

function mayBeGiven(expression: JsonValue | undefined, steps: (string | number)[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined || isAttribute(expression)) return refersToSomething(expression);
  // Blocks are listed as they are written, so that there may be fewer than in the plan.
  if (Array.isArray(expression)) return expression.some((block) => mayBeGiven(block, rest));
  const next = childOf(expression, step);
  if (next !== undefined) return mayBeGiven(next, rest);
  // The configuration leaves out `dynamic` blocks; only a block has something below its index.
  return typeof rest[0] === "number" && rest.length > 1;
}

function isAttribute(expression: JsonValue | undefined): boolean {
  return isObject(expression) && ("references" in expression || "constant_value" in expression);
}

function refersToSomething(expression: JsonValue | undefined): boolean {
  if (Array.isArray(expression)) return expression.some(refersToSomething);
  if (!isObject(expression)) return false;
  return Array.isArray(expression.references) || Object.values(expression).some(refersToSomething);
}

/** `memory[0].dedicated` → `["memory", 0, "dedicated"]` */
function stepsOf(path: string): (string | number)[] {
  const steps = path.match(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.[]+/g) ?? [];
  return steps.map((step) => {
    if (!step.startsWith("[")) return step;
    const inner: unknown = JSON.parse(step.slice(1, -1));
    return typeof inner === "number" ? inner : String(inner);
  });
}
