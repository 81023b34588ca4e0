import { expect, test } from "vitest";
import { escapeMarkup } from "../../../reports/tables/markup.js";

test.each([
  ["<script>", "&lt;script&gt;"],
  [`a "name" or 'two'`, "a &quot;name&quot; or &#39;two&#39;"],
  ["&amp; & &", "&amp;amp; &amp; &amp;"],
  ["4 KiB warm, 35.1x", "4 KiB warm, 35.1x"],
])("%s is %s in a page", (text, escaped) => {
  expect(escapeMarkup(text)).toBe(escaped);
});
