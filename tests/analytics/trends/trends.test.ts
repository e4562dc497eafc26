/** What the drawings show: by week and month, cost against consultations, and from being shown to asking for help. */

import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { noCounts } from "#analytics/landings/counts.ts";
import type { GroupRow } from "#analytics/report-view/groups.ts";
import { readReport } from "#analytics/report-view/read.ts";
import { viewFromInput, type ViewInput } from "#analytics/report-view/view.ts";
import { viewCharts } from "#analytics/trends/charts.ts";
import { costPoints } from "#analytics/trends/cost-points.ts";
import { funnelOf } from "#analytics/trends/funnel.ts";
import { readTrend, trendUnit } from "#analytics/trends/trend.ts";
import { db } from "#db/client.ts";
import { seededRandom } from "#db/random/seeded.ts";
import { staff } from "#db/schema/staff.ts";
import { role, type Role } from "#db/terms/staff.ts";
import { get, member, signIn } from "../../api/requests.ts";
import { analyst, empty, exported, landed, take, wrote } from "../fixtures.ts";

const headings = "日,キーワード ID,キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用";

beforeAll(() => db.insert(staff).values(analyst));
beforeEach(empty);

describe("by week or month", () => {
  test("each is a report of its own days, and what only a longer sum knows is said", async () => {
    await take(
      exported(
        headings,
        ["2026-09-30,7,入院,岡山,学習,10,1,JPY,100", "2026-10-01,7,入院,岡山,学習,20,2,JPY,50"],
        "2026年9月1日 - 2026年10月31日",
      ),
      { account: "A" },
    );
    const whole = "キーワード ID,キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用";
    await take(exported(whole, ["9,学校,岡山,学習,5,5,JPY,5"], "2026年9月1日 - 2026年10月31日"), {
      account: "B",
      name: "sum.csv",
    });
    const click = await landed("2026-09-30T14:59:59Z", {
      targetId: "kwd-7",
      keyword: "入院",
      formOpenedAt: new Date(),
    });
    await landed("2026-09-30T15:00:00Z", { targetId: "kwd-7", keyword: "入院" });
    await wrote("2026-10-02", click);
    await wrote("2026-10-03", click, "consultation", 2);
    const { unit, points, leftOut } = await readTrend(
      viewFromInput({ from: "2026-09-15", to: "2026-10-31", unit: "month" }),
    );
    expect(unit).toBe("month");
    expect(points.map(({ period, totals, costs }) => [period.from, period.to, totals, costs])).toEqual([
      [
        ...["2026-09-01", "2026-09-30"],
        { ...noCounts, impressions: 10, adClicks: 1, landings: 1, formsOpened: 1 },
        [{ currency: "JPY", cost: 100_000_000n, consultations: 0, doubtful: 0 }],
      ],
      [
        ...["2026-10-01", "2026-10-31"],
        {
          ...{ ...noCounts, impressions: 20, adClicks: 2, landings: 1 },
          ...{ consultations: 2, doubtful: 1, people: 1, firstConsultations: 2 },
        },
        [{ currency: "JPY", cost: 50_000_000n, consultations: 2, doubtful: 1 }],
      ],
    ]);
    expect(leftOut).toEqual([expect.stringContaining("「sum.csv」")]);
  });

  test("all together are the totals of the period, whatever its edges", async () => {
    const random = seededRandom(11);
    for (let n = 0; n < 120; n++) {
      const day = `2026-${String(random.between(8, 10)).padStart(2, "0")}-${String(random.between(1, 30)).padStart(2, "0")}`;
      const id = await landed(day, { keyword: `ことば ${random.between(1, 3)}`, crawler: random.chance(0.1) });
      if (random.chance(0.5))
        await wrote(day, random.chance(0.8) ? id : null, random.chance(0.5) ? "download" : undefined);
    }
    for (const input of [
      { from: "2026-08-13", to: "2026-10-22", unit: "month" },
      { from: "2026-08-05", to: "2026-10-20" },
      { from: "2026-09-02", to: "2026-10-09", unit: "week" },
    ]) {
      const view = viewFromInput(input);
      const [{ points }, { summary }] = await Promise.all([readTrend(view), readReport(view)]);
      for (const field of Object.keys(summary.totals) as (keyof typeof summary.totals)[]) {
        // One person who asked in two months is one in each.
        if (field === "people") continue;
        const sum = points.reduce((total, { totals }) => total + totals[field], 0);
        expect([input.from, field, sum]).toEqual([input.from, field, summary.totals[field]]);
      }
    }
  });

  test.each([
    [{ from: "2026-09-01", to: "2026-10-31" }, "week"],
    [{ from: "2026-08-01", to: "2026-10-31" }, "month"],
    [{ from: "2026-08-01", to: "2026-10-31", unit: "week" }, "week"],
    [{ from: "2025-11-01", to: "2026-10-31", unit: "week" }, "month"],
    [{ from: "2026-10-05", to: "2026-10-11", unit: "month" }, "month"],
  ] as [ViewInput, string][])("%j is drawn by the %s", (input, unit) => {
    expect(trendUnit(viewFromInput(input))).toBe(unit);
  });
});

test("the steps from being shown to asking, of advertisements alone, each with its rate of the step before", async () => {
  await take(exported(headings, ["2026-10-01,7,入院,岡山,学習,400,20,JPY,100"]));
  for (let n = 0; n < 16; n++) {
    const opened = n < 8 ? new Date("2026-10-02T00:00:00Z") : null;
    const id = await landed("2026-10-01", { targetId: "kwd-7", keyword: "入院", formOpenedAt: opened });
    if (n < 4) await wrote("2026-10-02", id);
    if (n === 4) await wrote("2026-10-02", id, "consultation", 2);
  }
  await landed("2026-10-01", { isAd: false, utmSource: "leaflet", formOpenedAt: new Date() });
  await wrote("2026-10-02", null);
  const { funnel } = await viewCharts(analyst, viewFromInput({ from: "2026-10-01", to: "2026-10-31" }));
  expect(funnel.map(({ step, count, rate }) => [step, count, rate?.percent, rate?.isTooFew])).toEqual([
    ["impressions", 400, undefined, undefined],
    ["clicks", 20, 5, false],
    ["landings", 16, 80, false],
    ["forms", 8, 50, false],
    ["people", 4, undefined, true],
  ]);
});

test("more landings than known clicks have no rate", () => {
  const steps = funnelOf({ ...noCounts, impressions: 0, adClicks: 10, landings: 11, people: 6, formsOpened: 6 });
  expect(steps.map(({ rate }) => rate?.percent)).toEqual([undefined, undefined, undefined, 54.5, 100]);
});

describe("cost against consultations", () => {
  const row = (name: string, yen: number, consultations: number, doubtful = 0, currency = "JPY"): GroupRow => ({
    ...{ ...noCounts, kind: "keyword", key: name, name, keyword: name, campaign: "", adGroup: "" },
    costs: [{ currency, cost: BigInt(yen) * 1_000_000n, consultations, doubtful }],
  });

  test("by currency, too few marked, rows without either left out", () => {
    const found = costPoints([
      row("a", 10, 5),
      row("b", 30, 5, 1),
      row("c", 0, 0),
      row("d", 5, 9, 0, "USD"),
      { ...row("e", 1, 1), costs: [] },
      { ...row("f", 9, 0), isUndivided: true },
    ]);
    expect(
      found.map(({ currency, points, more }) => [currency, more, ...points.map((p) => [p.name, p.count, p.isTooFew])]),
    ).toEqual([
      ["JPY", 0, ["a", 5, false], ["b", 4, true]],
      ["USD", 0, ["d", 9, false]],
    ]);
  });

  test("of many, those of which something can be told are drawn, however cheap", () => {
    const rows = [...Array.from({ length: 80 }, (_, n) => row(`n${n}`, 100 + n, 0)), row("told", 1, 7)];
    const [found] = costPoints(rows);
    expect(found?.more).toBe(21);
    expect(found?.points).toHaveLength(60);
    expect(found?.points.slice(0, 2).map(({ name }) => name)).toEqual(["told", "n79"]);
  });
});

describe("the pages", () => {
  test.each(Object.keys(role) as Role[])("the drawings for a %s", async (one) => {
    const shown = viewCharts({ ...analyst, role: one }, viewFromInput({}));
    if (one === "manager" || one === "analyst") expect((await shown).funnel).toHaveLength(5);
    else await expect(shown).rejects.toThrow("may not");
  });

  test("a wrong address is a page with the default, its sentences and 422", async () => {
    const cookie = await signIn(await member("analyst"));
    for (const path of ["/staff/keywords", "/staff/keywords/charts"]) {
      const answer = await get(`${path}?from=2026-09-31&by=family&sort=x`, {
        cookie,
        headers: { accept: "text/html" },
      });
      expect(answer.status).toBe(422);
      const html = await answer.text();
      expect(html).toContain("開始日の「2026年9月31日」という日付はありません。");
      expect(html).toContain("「まとめ方」の選び方が正しくありません。");
      expect(html).toContain("並べ替えの列が正しくありません。");
      expect(html).toContain('<option value="keyword" selected');
    }
  });

  test("a page says of too few that nothing can be told, and shows no cost each", async () => {
    await take(exported(headings, ["2026-10-01,7,入院,岡山,学習,400,20,JPY,12345"]));
    const cookie = await signIn(await member("analyst"));
    const query = "?from=2026-10-01&to=2026-10-31";
    const show = async (path: string) => (await get(path + query, { cookie, headers: { accept: "text/html" } })).text();
    for (let n = 0; n < 4; n++)
      await wrote("2026-10-02", await landed("2026-10-01", { targetId: "kwd-7", keyword: "入院" }));
    for (const path of ["/staff/keywords", "/staff/keywords/charts"]) {
      const html = await show(path);
      expect(html).toContain("件数が少なく、まだ言えません");
      expect(html).not.toContain("3,086");
    }
    await wrote("2026-10-02", await landed("2026-10-01", { targetId: "kwd-7", keyword: "入院" }));
    for (const path of ["/staff/keywords", "/staff/keywords/charts"]) {
      const html = await show(path);
      expect(html).toContain("2,469 JPY");
      expect(html).toContain("1,058〜7,604");
    }
  });
});
