import { expect, test } from "vitest";
import { prepareNamed } from "#db/client.ts";

test("each name stands for its value, however often and in whatever order", async () => {
  const run = prepareNamed<{ sum: number; text: string; quoted: string }>(
    "select :a::int + :b::int + :a::int as sum, :text::text as text, ':a '':b''' as quoted",
  );
  expect(await run({ text: "x", b: 10, a: 1 })).toEqual([{ sum: 12, text: "x", quoted: ":a ':b'" }]);
  expect(await run({ a: 2, b: null, text: "y" })).toMatchObject([{ sum: null, text: "y" }]);
});

test("a missing and an unknown name are refused before anything is sent", async () => {
  const run = prepareNamed("select :a::int, :b::int");
  await expect(run({ a: 1 })).rejects.toThrow("missing: b; unknown: none");
  await expect(run({ a: 1, b: undefined })).rejects.toThrow("missing: b; unknown: none");
  await expect(run({ a: 1, b: 2, c: 3 })).rejects.toThrow("missing: none; unknown: c");
});

test("a text without names, or with positions of its own, is no such statement", () => {
  expect(() => prepareNamed("select now()::date")).toThrow("needs :names");
  expect(() => prepareNamed("select :a::int + $1")).toThrow("needs :names");
});
