import { expect, test } from "vitest";
import { styleElement } from "./html-style.ts";
import { toText } from "./html-tag.ts";

const themes = [...toText(styleElement).matchAll(/:root \{([^}]*)\}/g)].map(([, rules = ""]) => {
  return new Map(
    [...rules.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = "", colour = ""]) => [name, colour]),
  );
});

const pairs = [
  ...["good", "bad", "drift", "unknown", "wait", "quiet"].map((name) => [name, `${name}-ground`] as const),
  ...["good", "bad", "drift", "unknown"].map((name) => ["ink", `${name}-ground`] as const),
  ...["ground", "card", "code"].map((ground) => ["ink", ground] as const),
  ...["ground", "card"].map((ground) => ["soft", ground] as const),
];

test("every text stands out from its ground in both themes (WCAG 2.2, 1.4.3)", () => {
  expect(themes).toHaveLength(2);
  for (const theme of themes) {
    for (const [text, ground] of pairs) {
      const ratio = contrast(theme.get(text) ?? "", theme.get(ground) ?? "");
      expect(ratio, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = Number.NaN, green = Number.NaN, blue = Number.NaN] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
