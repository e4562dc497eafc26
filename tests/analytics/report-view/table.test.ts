import { describe, expect, test } from "vitest";
import { noCounts } from "#analytics/landings/counts.ts";
import type { GroupRow } from "#analytics/report-view/groups.ts";
import { pageOf, searchRows, sortRows } from "#analytics/report-view/table.ts";
import { type ReportColumn, columns } from "#analytics/report-view/view.ts";

const row = (name: string, figures: Partial<GroupRow> = {}): GroupRow => ({
  ...noCounts,
  ...{ key: name, kind: "keyword", name, keyword: name, campaign: "", adGroup: "", costs: [] },
  ...figures,
});
const cost = (yen: number, consultations: number, doubtful = 0, currency = "JPY") => [
  { currency, cost: BigInt(yen) * 1_000_000n, consultations, doubtful },
];
const names = (rows: GroupRow[]) => rows.map(({ name }) => name).join("");

describe("sorting", () => {
  const rows = [
    row("b", { impressions: 20, adClicks: 2, landings: 9, formsOpened: 1, people: 9, costs: cost(300, 9) }),
    row("c", { impressions: 10, adClicks: 9, landings: 30, formsOpened: 3, people: 6, costs: cost(100, 7, 2) }),
    row("A", { landings: 20, formsOpened: 2, downloads: 4, subscriptions: 5, people: 5, firstConsultations: 2 }),
    row("d", { impressions: 30, adClicks: 3, landings: 3, consultations: 3, people: 3, costs: cost(1, 3) }),
    row("e", { impressions: 0, adClicks: 0, landings: 40, costs: cost(0, 0) }),
    row("f", { landings: 2, people: 6, consultations: 9, costs: cost(5, 9, 0, "USD") }),
  ];
  const expected: Record<ReportColumn, [string, string]> = {
    name: ["Abcdef", "fedcbA"],
    impressions: ["ecbdAf", "dbceAf"],
    clicks: ["ebdcAf", "cdbeAf"],
    landings: ["fdbAce", "ecAbdf"],
    forms: ["defbAc", "cAbdef"],
    downloads: ["bcdefA", "Abcdef"],
    subscriptions: ["bcdefA", "Abcdef"],
    consultations: ["bcAedf", "fdbcAe"],
    people: ["edAcfb", "bcfAde"],
    first: ["bcdefA", "Abcdef"],
    // Dollars are not compared with yen, and no cost is not a cost of 0.
    cost: ["edcbAf", "bcdeAf"],
    // b: 9 of 9, c: 6 of 30, A: 5 of 20. d has 3, e none, f more than came.
    rate: ["cAbdef", "bAcdef"],
    // c: 100 by 5, b: 300 by 9. d's 1 yen is of three.
    each: ["cbAdef", "bcAdef"],
  };
  test.each(Object.keys(columns) as ReportColumn[])("by %s", (sort) => {
    const sorted = (["asc", "desc"] as const).map((dir) => names(sortRows(rows, { sort, dir })));
    expect(sorted).toEqual(expected[sort]);
  });

  test("without a column the order stays", () =>
    expect(names(sortRows(rows, { sort: undefined, dir: "asc" }))).toBe("bcAdef"));
});

describe("searching", () => {
  const rows = [
    row("院内学級", { campaign: "岡山_検索", adGroup: "学び", account: "検索" }),
    row("ＡＩ 学習", { campaign: "倉敷" }),
    row("long Stay", { account: "Grants" }),
  ];
  test.each([
    ["", "院内学級ＡＩ 学習long Stay"],
    ["学", "院内学級ＡＩ 学習"],
    ["ai", "ＡＩ 学習"],
    ["  学　倉敷 ", "ＡＩ 学習"],
    ["岡山 学び", "院内学級"],
    ["ＳＴＡＹ grants", "long Stay"],
    ["学級 倉敷", ""],
    ["%", ""],
  ])("「%s」", (q, found) => expect(names(searchRows(rows, q))).toBe(found));
});

describe("pages", () => {
  const rows = Array.from({ length: 201 }, (_, n) => n);
  test.each([
    [1, 1, 0, 100],
    [2, 2, 100, 100],
    [3, 3, 200, 1],
    [9, 3, 200, 1],
  ])("page %i", (wanted, page, first, length) => {
    const found = pageOf(rows, wanted);
    expect([found.page, found.pages, found.rows[0], found.rows.length]).toEqual([page, 3, first, length]);
  });
  test("of nothing there is one, empty", () => expect(pageOf([], 4)).toEqual({ rows: [], page: 1, pages: 1 }));
  test("a hundred are one page", () => expect(pageOf(rows.slice(0, 100), 1).pages).toBe(1));
});
