/** The page of the support book: what there is, how to use it, what to look through each half year. */

import { expect, test } from "vitest";
import { bookName, books, editionNames, editions, halfYearly, editionPictureName } from "#api/support-book/book.ts";
import { sectionsOf } from "#api/support-book/sections.ts";
import { elements, words } from "./html.ts";
import { pages } from "./stored.ts";

const html = pages.get("/support-book") ?? "";
const links = elements(html, "a").map(({ href }) => href ?? "");

test("each edition is there to download, to type into and to write on, without asking for anything", () => {
  const files = links.filter((link) => link.includes(".pdf")).map((link) => link.replace(/\?v=[0-9a-f]{12}$/u, ""));
  expect(files).toEqual(books.map(({ edition, variant }) => `/support-book/${bookName(edition, variant)}`));
  expect(elements(html, "form", "input")).toEqual([]);
});

test("each is shown by its first page, says who reads it, how long it is and what it weighs, and what stands in it", () => {
  const pictures = elements(html, "img").flatMap(({ src }) => (src?.includes("/support-book/") ? [src] : []));
  expect(pictures.map((src) => src.split("?")[0])).toEqual(
    editionNames.map((name) => `/support-book/${editionPictureName(name)}`),
  );
  const text = words(html);
  for (const edition of editionNames) {
    const { forWhom, pages: count, bytes, summary } = editions[edition];
    expect(text).toContain(`読む人: ${forWhom}。A4で${count}ページ。`);
    for (const sentence of [summary, bytes.fillable, bytes.printable]) expect(text).toContain(sentence);
    for (const { title } of sectionsOf(edition)) expect(text).toContain(`|${title}|`);
  }
});

test("it says what to look through each half year, in the words of the book itself", () => {
  for (const item of halfYearly) expect(words(html)).toContain(`|${item}|`);
});

test("it says that nothing is sent, who reads which part, and leads to a person", () => {
  const text = words(html);
  expect(text).toContain("書いたことがこのサイトに届くこともありません。");
  expect(text).toContain("だれに見せるか決める");
  expect(links).toContain("/consultation");
});

test("the list of guides leads to it", () => {
  expect(elements(pages.get("/guides") ?? "", "a").map(({ href }) => href)).toContain("/support-book");
});
