import { expect, test } from "vitest";
import { type Html, html, toText } from "./html-tag.ts";

test("texts are escaped, for elements and attributes", () => {
  const text = `<img src=x onerror='a' title="b"> & co`;
  expect(toText(html`<p title="${text}">${text}</p>`)).toBe(
    '<p title="&lt;img src=x onerror=&#39;a&#39; title=&quot;b&quot;&gt; &amp; co">&lt;img src=x onerror=&#39;a&#39; title=&quot;b&quot;&gt; &amp; co</p>',
  );
});

test("what the tag made goes in as it is, lists joined, nothing for undefined", () => {
  const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
  expect(toText(html`<ul>${items}</ul>${undefined}${0}`)).toBe("<ul><li>a</li><li>&lt;b&gt;</li></ul>0");
});

test("no object from outside passes for markup", () => {
  const forged = JSON.parse('{"markup":"<script>"}') as Html;
  expect(() => toText(html`${forged}`)).toThrow();
});

test("control characters do not get into the page", () => {
  expect(toText(html`${"\u001b[31ma\u0000\u202eb"}`)).toBe("a\\u0000\\u202eb");
});
