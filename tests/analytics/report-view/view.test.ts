import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addMonths,
  bucketsOf,
  comparedWith,
  endOf,
  presets,
  startOf,
  wholeUnits,
} from "#analytics/report-view/periods.ts";
import { columns, comparisons, groupings, readView, units, type View, viewQuery } from "#analytics/report-view/view.ts";
import { dayAfter } from "#db/calendar/days.ts";

const now = new Date("2026-11-27T12:00:00+09:00");
const today = "2026-11-27";
const period = (text: string) => ({ from: text.slice(0, 10), to: text.slice(11) });
const written = ({ from, to }: { from: string; to: string }) => `${from} ${to}`;

describe("the address", () => {
  test("nothing said is the last 90 days by keyword", () => {
    expect(readView({}, now)).toEqual({
      view: {
        period: period("2026-08-30 2026-11-27"),
        ...{ by: "keyword", q: "", dir: "desc", page: 1 },
        ...{ unit: undefined, compare: undefined, sort: undefined },
      },
      errors: {},
    });
  });

  test.each([
    [{ by: "family" }, "by", "「まとめ方」の選び方が正しくありません。"],
    [{ sort: "cost;drop table" }, "sort", "並べ替えの列が正しくありません。"],
    [{ dir: "up" }, "dir", "並べ替えの向きが正しくありません。"],
    [{ compare: "1" }, "compare", "「くらべる期間」の選び方が正しくありません。"],
    [{ unit: "day" }, "unit", "「週・月」の選び方が正しくありません。"],
    [{ page: "0" }, "page", "ページの番号が正しくありません。"],
    [{ page: "-1" }, "page", "ページの番号が正しくありません。"],
    [{ page: "1e9" }, "page", "ページの番号が正しくありません。"],
    [{ q: "あ".repeat(101) }, "q", "さがす言葉は100文字までで入力してください。"],
    [{ from: "2026-02-30" }, "from", "開始日の「2026年2月30日」という日付はありません。"],
    [{ from: "2026-11-28" }, "from", "開始日は、終了日と同じか前の日にしてください。"],
  ])("%j is told by its field, and counts as absent", (input, field, sentence) => {
    const { view, errors } = readView(input, now);
    expect(errors).toEqual({ [field]: sentence });
    expect(view).toEqual(readView({}, now).view);
  });

  test("what a link leads to is the view it was made of", () => {
    const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const oneOf = <K extends string>(record: Record<K, string>) => fc.constantFrom(...(Object.keys(record) as K[]));
    const view: fc.Arbitrary<View> = fc.record({
      period: fc.constantFrom(period("2026-10-01 2026-10-31"), period("2026-09-28 2026-10-04")),
      compare: optional(oneOf(comparisons)),
      by: oneOf(groupings),
      q: fc.constantFrom("", "院内 学級", "a&b=c"),
      sort: optional(oneOf(columns)),
      dir: fc.constantFrom("asc", "desc"),
      page: fc.integer({ min: 1, max: 99_999 }),
    });
    fc.assert(
      fc.property(view, (shown) => {
        const query = new URLSearchParams(viewQuery(shown, { page: shown.page }));
        expect(readView(Object.fromEntries(query), now)).toEqual({ view: { unit: undefined, ...shown }, errors: {} });
      }),
    );
  });

  test("another order, search or grouping begins at the first page; turning the page keeps the rest", () => {
    const { view } = readView({ from: "2026-10-01", to: "2026-10-31", by: "campaign", q: "岡山", page: "3" }, now);
    expect(viewQuery(view, { sort: "cost" })).toBe(
      "from=2026-10-01&to=2026-10-31&by=campaign&q=%E5%B2%A1%E5%B1%B1&sort=cost",
    );
    expect(viewQuery(view, { page: 4, q: "" })).toBe("from=2026-10-01&to=2026-10-31&by=campaign&page=4");
  });

  test("cost each is sorted from the least, figures from the most", () => {
    expect(readView({ sort: "each" }, now).view.dir).toBe("asc");
    expect(readView({ sort: "rate" }, now).view.dir).toBe("desc");
    expect(Object.keys(units)).toEqual(["week", "month"]);
  });
});

describe("periods", () => {
  test.each([
    ["previous", "2026-10-01 2026-10-31", "2026-09-01 2026-09-30"],
    ["previous", "2026-03-01 2026-03-31", "2026-02-01 2026-02-28"],
    ["previous", "2026-08-01 2026-10-31", "2026-05-01 2026-07-31"],
    ["previous", "2026-11-01 2026-11-27", "2026-10-01 2026-10-27"],
    ["previous", "2026-11-01 2026-11-30", "2026-10-01 2026-10-27"],
    ["previous", "2026-10-05 2026-10-11", "2026-09-28 2026-10-04"],
    ["previous", "2026-10-10 2026-10-10", "2026-10-09 2026-10-09"],
    ["previous", "2026-08-30 2026-11-27", "2026-06-01 2026-08-29"],
    ["year", "2026-10-01 2026-10-31", "2025-10-01 2025-10-31"],
    ["year", "2025-02-01 2025-02-28", "2024-02-01 2024-02-29"],
    ["year", "2026-10-03 2026-10-20", "2025-10-03 2025-10-20"],
    ["year", "2026-10-05 2026-10-11", "2025-10-06 2025-10-12"],
    ["year", "2026-11-01 2026-11-30", "2025-11-01 2025-11-27"],
    ["previous", "2027-01-01 2027-01-31", "2026-12-01 2026-12-31"],
  ] as const)("%s of %s is %s", (kind, asked, compared) => {
    expect(written(comparedWith(kind, period(asked), today))).toBe(compared);
  });

  test.each([
    ["week", "2026-10-07 2026-10-07", "2026-10-05 2026-10-11"],
    ["month", "2026-09-30 2026-10-02", "2026-09-01 2026-10-31"],
    ["week", "2026-11-16 2026-11-25", "2026-11-16 2026-11-27"],
    ["month", "2026-11-05 2026-11-06", "2026-11-01 2026-11-27"],
    ["month", "2026-12-05 2026-12-06", "2026-12-01 2026-12-31"],
  ] as const)("whole %ss of %s: %s", (unit, asked, whole) => {
    expect(written(wholeUnits(unit, period(asked), today))).toBe(whole);
  });

  test("the ones a press away", () => {
    expect(presets(today).map(({ label, period: one }) => [label, written(one)])).toEqual([
      ["今月", "2026-11-01 2026-11-27"],
      ["先月", "2026-10-01 2026-10-31"],
      ["この3か月", "2026-09-01 2026-11-27"],
      ["この1年", "2025-12-01 2026-11-27"],
    ]);
  });

  const day = fc.integer({ min: 0, max: 4000 }).map((n) => dayAfter("2020-01-01", n));

  test("units of a period follow each other without a gap, and each lies in one unit", () => {
    fc.assert(
      fc.property(fc.constantFrom("week", "month"), day, fc.nat(800), (unit, from, length) => {
        const whole = { from, to: dayAfter(from, length) };
        const buckets = bucketsOf(unit, whole);
        expect([buckets[0]?.from, buckets.at(-1)?.to]).toEqual([whole.from, whole.to]);
        for (const [at, bucket] of buckets.entries()) {
          expect(startOf(unit, bucket.from)).toBe(startOf(unit, bucket.to));
          if (at > 0) expect(bucket.from).toBe(dayAfter(buckets[at - 1]?.to ?? ""));
        }
      }),
    );
  });

  test("a compared period lies before, and has a day at least", () => {
    fc.assert(
      fc.property(fc.constantFrom("previous", "year"), day, fc.nat(360), (kind, from, length) => {
        const compared = comparedWith(kind, { from, to: dayAfter(from, length) }, "2035-01-01");
        expect(compared.from <= compared.to).toBe(true);
        expect(compared.to < dayAfter(from, length)).toBe(true);
        if (kind === "previous") expect(compared.to < from).toBe(true);
      }),
    );
  });

  test("months have their last days", () => {
    expect([addMonths("2026-03-31", -1), addMonths("2024-02-29", 12), addMonths("2026-01-15", -13)]).toEqual([
      ...["2026-02-28", "2025-02-28", "2024-12-15"],
    ]);
    expect([endOf("month", "2024-02-01"), endOf("week", "2026-11-29")]).toEqual(["2024-02-29", "2026-11-29"]);
  });
});
