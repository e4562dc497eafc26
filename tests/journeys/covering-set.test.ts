import { describe, expect, test } from "vitest";
import { coveringSet } from "./covering-set.ts";
import { conditions, conditionsAlone, looksAt, type Visited } from "./looks.ts";

/** Any two factors of a row with their values. */
const pairs = (row: object) =>
  Object.entries(row).flatMap((one, at, all) => all.slice(at + 1).map((other) => JSON.stringify([one, other])));

const allPairs = (rows: readonly object[]) => [...new Set(rows.flatMap(pairs))].toSorted();

const visited = (route: string, language: Visited["language"], readings: Visited["readings"]): Visited => ({
  ...{ route, language, readings },
});

/** Routes as there are: most in three languages, readings in two of them, and some in Japanese alone. */
const places = ["/", "/guides", "/about", "/help", "/faq"].flatMap((route) => [
  visited(route, "ja", "off"),
  visited(route, "ja", "on"),
  visited(route, "easy", "on"),
  visited(route, "en", "off"),
]);
places.push(visited("/support-book", "ja", "off"), visited("/surveys", "ja", "off"));

describe("a covering set", () => {
  test("of three conditions with two values each is four rows, in which any two values meet", () => {
    const [a, b] = [
      [1, 2],
      ["x", "y"],
    ] as const;
    const rows = a.flatMap((first) => b.flatMap((second) => a.map((third) => ({ first, second, third }))));
    const chosen = coveringSet(rows);
    expect(chosen).toHaveLength(4);
    expect(allPairs(chosen)).toEqual(allPairs(rows));
  });

  test("tells the same value of two factors apart", () => {
    const rows = [
      { width: 1, size: 2 },
      { width: 2, size: 1 },
    ];
    expect(coveringSet(rows)).toEqual(rows);
  });

  test("of nothing is nothing, and asks for no pair that does not exist", () => {
    expect(coveringSet([])).toEqual([]);
    const rows = [
      { language: "ja", readings: "on" },
      { language: "en", readings: "off" },
    ];
    expect(coveringSet(rows)).toEqual(rows);
  });
});

describe("looks at public pages", () => {
  const all = looksAt(places, "everything");
  const chosen = looksAt(places, "pairs");

  test("in every pair of conditions meets, and every route in each language and with readings", () => {
    expect(all).toHaveLength(places.length * conditions.length);
    expect(allPairs(chosen)).toEqual(allPairs(all));
    expect(chosen.length).toBeLessThan(all.length / 5);
  });

  test("show dark, forced colours and enlarged text in twos, since one of three hides what two do to each other", () => {
    const changes = chosen.map(({ scheme, forced, text }) => [scheme, forced, text].join());
    for (const two of ["dark,none,200 %", "dark,active,100 %", "light,active,200 %"]) expect(changes).toContain(two);
    expect(changes).not.toContain("dark,active,200 %");
  });

  test("are the same ones each time", () => {
    expect(looksAt(places, "pairs")).toEqual(chosen);
  });

  test("alone, each condition is on without the others", () => {
    const changed = conditionsAlone("off").map((one) =>
      [one.scheme !== "light", one.forced !== "none", one.text !== "100 %"].filter(Boolean),
    );
    expect(changed.filter(({ length }) => length > 1)).toEqual([]);
    const seen = new Set(conditionsAlone("off").flatMap((one) => Object.values(one)));
    expect(seen).toEqual(new Set(conditions.flatMap((one) => Object.values(one))));
  });
});
