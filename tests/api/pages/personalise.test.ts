import { describe, expect, test } from "vitest";
import { layOut, newFormKey, personalise } from "#api/pages/personalise.ts";

const a = "a".repeat(43);
const b = "b".repeat(43);
const copy = (html: string, token?: string) =>
  personalise(layOut(html), token, (bytes) => Buffer.from(bytes)).toString();

describe("a visitor's copy", () => {
  const html =
    '<p>あ</p><a href="/x#y">é</a><a href="//z">z</a><form action="/f?g=1"><input name="key" value="__FORM_KEY__"></form>';

  test("has the token in internal links and forms, behind text of more bytes than letters, and a key", () => {
    const key = newFormKey().length;
    const text = copy(html, a);
    expect(text.replace(/value="[\w-]+"/u, "KEY")).toBe(
      `<p>あ</p><a href="/x?c=${a}#y">é</a><a href="//z">z</a><form action="/f?g=1&amp;c=${a}"><input name="key" KEY></form>`,
    );
    expect(/value="([\w-]+)"/u.exec(text)?.[1]).toHaveLength(key);
  });

  test("is what it was rendered, where there is no token and no key", () => {
    expect(copy(html.replace("__FORM_KEY__", "x"))).toBe(html.replace("__FORM_KEY__", "x"));
  });

  test("holds nothing of the visitor before: every blank is filled anew", () => {
    const layout = layOut(html);
    const keep = (bytes: Buffer) => Buffer.from(bytes);
    const first = personalise(layout, a, keep).toString();
    const second = personalise(layout, b, keep).toString();
    const none = personalise(layout, undefined, keep).toString();
    const keyOf = (text: string) => /value="([\w-]+)"/u.exec(text)?.[1] ?? "";
    expect([first.includes(a), second.includes(a), none.includes(a), none.includes(b)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(new Set([first, second, none].map(keyOf)).size).toBe(3);
  });
});
