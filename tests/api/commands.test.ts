import { expect, test } from "vitest";
import { commandsFor } from "#api/commands.ts";

const all = Object.keys(await commandsFor(undefined));

test.each(all)("%s is found by its first word", async (name) => {
  expect(Object.keys(await commandsFor(name.split(" ")[0]))).toContain(name);
});

test("a word loads its own rooms alone, and one that none knows all of them", async () => {
  expect(Object.keys(await commandsFor("sample"))).toEqual(["sample"]);
  expect(Object.keys(await commandsFor("nothing"))).toEqual(all);
});
