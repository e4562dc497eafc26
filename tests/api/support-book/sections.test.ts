/** What stands in which edition. */

import { describe, expect, test } from "vitest";
import type { BookletBlock } from "#api/booklet/parts.ts";
import { editionNames, halfYearly } from "#api/support-book/book.ts";
import { sectionsOf } from "#api/support-book/sections.ts";

const ids = (edition: (typeof editionNames)[number]) => sectionsOf(edition).map(({ id }) => id);

/** "section.field" or "section.table.column" of everything that can be filled in. */
const places = (edition: (typeof editionNames)[number]): string[] =>
  sectionsOf(edition).flatMap(({ id, blocks }) =>
    blocks.flatMap((block) => partsOf(block).map((part) => `${id}.${part}`)),
  );

function partsOf(block: BookletBlock): string[] {
  if (block.kind === "fields") return block.rows.flat().map(({ id }) => id);
  if (block.kind === "table") return block.columns.map(({ id }) => `${block.id}.${id}`);
  return block.kind === "ticks" ? [block.id] : [];
}

test("the family's edition holds all that the school's does", () => {
  const family = places("family");
  const onlyForSchool = ["readers.kept"];
  expect(places("school").filter((place) => !family.includes(place))).toEqual(onlyForSchool);
});

test("the school is not told what it need not know", () => {
  const told = places("school");
  for (const section of ["siblings", "staying", "wishes"]) expect(ids("school")).not.toContain(section);
  for (const place of [
    ...["me.address", "me.weight", "hospitals.number", "hospitals.near", "hospitals.other.name", "illness.past"],
    ...["allergies.never"],
  ])
    expect(told).not.toContain(place);
  expect(told).toContain("school-life.scene.care");
});

test("the emergency sheet says first who this is, what to do and whom to call", () => {
  expect(ids("emergency").slice(0, 4)).toEqual(["who", "act", "contacts", "allergies"]);
  for (const section of ["own-words", "school-life", "classmates", "learning", "siblings", "wishes", "readers"])
    expect(ids("emergency")).not.toContain(section);
});

test("there are never more rows for the emergency than for the family", () => {
  const rows = (edition: (typeof editionNames)[number]) =>
    new Map(
      sectionsOf(edition).flatMap(({ id, blocks }) =>
        blocks.flatMap((block) => (block.kind === "table" ? [[`${id}.${block.id}`, Number(block.rows)] as const] : [])),
      ),
    );
  for (const [table, count] of rows("emergency"))
    expect(count || 0).toBeLessThanOrEqual(rows("family").get(table) || 9);
  expect(rows("emergency").get("medicines.medicine")).toBe(4);
});

test("the child speaks before the illness is spoken of", () => {
  for (const edition of ["family", "school"] as const)
    expect(ids(edition).indexOf("own-words")).toBeLessThan(ids(edition).indexOf("illness"));
});

test("what is looked through each half year stands in the family's edition, to be ticked", () => {
  const review = sectionsOf("family").find(({ id }) => id === "review");
  const table = review?.blocks.find((block) => block.kind === "table" && block.id === "check");
  expect(table).toMatchObject({ rows: halfYearly });
});

describe.each(editionNames)("%s", (edition) => {
  test("names each box once, labels it, and asks a question of its own", () => {
    expect(places(edition)).toEqual([...new Set(places(edition))]);
    const fields = sectionsOf(edition).flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === "fields" ? block.rows.flat() : [])),
    );
    expect(fields.filter(({ label, asks }) => label === "" || asks === "")).toEqual([]);
    expect(new Set(ids(edition)).size).toBe(ids(edition).length);
  });

  test("shares of a row or a table make one whole", () => {
    const sums = sectionsOf(edition).flatMap(({ id, blocks }) =>
      blocks.flatMap((block): [string, number][] => {
        const add = (shares: (number | undefined)[]) => shares.reduce<number>((sum, share) => sum + (share ?? 0), 0);
        if (block.kind === "table")
          return [[`${id}.${block.id}`, add([block.nameShare ?? 0.2, ...block.columns.map(({ share }) => share)])]];
        if (block.kind !== "fields") return [];
        const rows = block.rows.filter((row) => row.some(({ share }) => share !== undefined));
        return rows.map((row) => [`${id}.${row[0]?.id}`, add(row.map(({ share }) => share))]);
      }),
    );
    expect(sums.filter(([, sum]) => Math.abs(sum - 1) > 0.001)).toEqual([]);
  });
});
