import type { Method, Route } from "./route.ts";

export interface Match {
  route: Route;
  path: Record<string, string>;
}

/** Finds the route of a call. */
export type Router = (method: string, pathname: string) => Match | undefined;

interface Compiled {
  route: Route;
  segments: string[];
}

/**
 * Makes a router. Literal segments win over parameters; a trailing slash is ignored; segments are decoded, so
 * that a volid arrives whole whether its slash was sent raw or as %2F.
 * @throws Error where two routes are the same.
 */
export function createRouter(routes: readonly Route[]): Router {
  const byMethod = new Map<Method, Compiled[]>();
  const seen = new Set<string>();
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    if (seen.has(key)) throw new Error(`route registered twice: ${key}`);
    seen.add(key);
    const list = byMethod.get(route.method) ?? [];
    list.push({ route, segments: route.path.split("/") });
    byMethod.set(route.method, list);
  }
  for (const list of byMethod.values()) list.sort((a, b) => order(a).localeCompare(order(b)));
  return (method, pathname) => {
    const parts = split(pathname);
    for (const { route, segments } of byMethod.get(method as Method) ?? []) {
      const path = matchSegments(segments, parts);
      if (path) return { route, path };
    }
    return undefined;
  };
}

// Sorts literals before parameters and parameters before rests.
function order(compiled: Compiled): string {
  return compiled.segments
    .map((segment) => (segment.endsWith("*}") ? "2" : segment.startsWith("{") ? "1" : "0"))
    .join("");
}

function split(pathname: string): string[] {
  return pathname
    .split("/")
    .filter((part) => part !== "")
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
}

function matchSegments(
  segments: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const path: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.endsWith("*}")) {
      path[segment.slice(1, -2)] = parts.slice(index).join("/");
      return path;
    }
    if (segment.startsWith("{")) path[segment.slice(1, -1)] = part;
    else if (segment !== part) return undefined;
  }
  return parts.length === segments.length ? path : undefined;
}
