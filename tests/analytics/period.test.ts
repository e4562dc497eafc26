import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalOf, exactDecimal, groupThousands, microsOf, divideRounded } from "#analytics/money.ts";
import { periodFromInput, periodInJapanese, parseDay, parsePeriod } from "#analytics/period.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { Invalid } from "#db/errors.ts";

describe("the period asked for", () => {
  const noon = new Date("2026-11-20T03:00:00Z");
  const errors = (from: string, to: string) => {
    try {
      return periodFromInput({ from, to }, noon);
    } catch (error) {
      if (error instanceof Invalid) return error.errors;
      throw error;
    }
  };

  test("is the last 90 days of Tokyo when nothing was said", () => {
    expect(periodFromInput({}, noon)).toEqual({ from: "2026-08-23", to: "2026-11-20" });
    expect(periodFromInput({ from: null, to: "" }, new Date("2026-11-20T15:00:00Z")).to).toBe("2026-11-21");
    expect(periodFromInput({ to: "2026-03-31" }, noon)).toEqual({ from: "2026-01-01", to: "2026-03-31" });
  });

  test("is refused, by field, where it is on no calendar or runs backwards", () => {
    expect(errors("2026-09-31", "2026-10-01")).toEqual({
      from: "開始日の「2026年9月31日」という日付はありません。",
    });
    expect(errors("2026-10-02", "2026-10-01")).toEqual({
      from: "開始日は、終了日と同じか前の日にしてください。",
    });
    expect(errors("1", "2026-02-29")).toEqual({
      from: "開始日は 2026-10-01 の形で入力してください。",
      to: "終了日の「2026年2月29日」という日付はありません。",
    });
  });
});

test("every real day is read in every spelling", () => {
  const names = ["January", "February", "March", "April", "May", "June"];
  names.push("July", "August", "September", "October", "November", "December");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (n) => {
      const iso = dayAfter("2000-01-01", n);
      const [y, m, d] = iso.split("-").map(Number) as [number, number, number];
      const name = names[m - 1] ?? "";
      for (const text of [iso, `${y}年${m}月${d}日`, `${d} ${name} ${y}`, `${name} ${d}, ${y}`, `${y}/${m}/${d}`])
        expect(parseDay(text)).toBe(iso);
    }),
  );
});

test("what is no period is not taken for one", () => {
  for (const text of ["", "検索語句別・日別", "10/1/2026", "2026年10月", "2026年10月1日 まとめ", "全期間"])
    expect(parsePeriod(text)).toBeUndefined();
  expect(periodInJapanese({ from: "2026-10-01", to: "2026-10-01" })).toBe("2026年10月1日");
});

describe("money", () => {
  test("goes through millionths without losing any", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (micros) => {
        expect(microsOf(exactDecimal(micros))).toBe(micros);
      }),
    );
    for (const text of ["", "1,000", "-1", "1e3", "0.0000001"]) expect(microsOf(text)).toBeUndefined();
  });

  test.each([
    [1_527_000_000n, "JPY", "1527"],
    [1_499_999n, "JPY", "1"],
    [1_500_000n, "JPY", "2"],
    [1_200_000n, "USD", "1.20"],
    [5_000n, "USD", "0.01"],
    [0n, "USD", "0.00"],
  ])("%s in %s is written %s", (micros, currency, text) => expect(decimalOf(micros, currency)).toBe(text));

  test("is shown with its thousands apart", () => {
    expect(["1", "123", "1527", "12345678", "1234.50", 1000].map(groupThousands)).toEqual([
      "1",
      "123",
      "1,527",
      "12,345,678",
      "1,234.50",
      "1,000",
    ]);
  });

  test("is shared out half up", () => expect(divideRounded(10_000_000n, 3)).toBe(3_333_333n));
});
