import { beforeEach, expect, test } from "vitest";
import { reportKeywordsCommand } from "#analytics/keywords/command.ts";
import { reportViewCommand } from "#analytics/report-view/command.ts";
import { Invalid } from "#db/errors.ts";
import { empty, exported, landed, take, wrote } from "../fixtures.ts";

beforeEach(empty);
const october = { from: "2026-10-01", to: "2026-10-31" };

test("the command keeps its names, and adds the rows of the view with their intervals", async () => {
  const headings = "キーワード ID,キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用";
  await take(exported(headings, ["7,入院,岡山,学習,400,20,JPY,12000", "8,学校,岡山,学習,1,1,JPY,1"]), {
    account: "検索",
  });
  for (let n = 0; n < 10; n++) {
    const id = await landed("2026-10-01", { targetId: "kwd-7", keyword: "入院" });
    if (n < 5) await wrote("2026-10-02", id);
  }
  const plain = await reportKeywordsCommand(october);
  const value = await reportViewCommand({ ...october, by: "campaign", compare: "previous" });
  expect(value).toMatchObject(JSON.parse(JSON.stringify(plain)) as object);
  expect(plain.rows[0]).toMatchObject({ keyword: "入院", landings: 10, consultations: 5, costPerConsultation: "2400" });
  expect(value.groups).toMatchObject([
    {
      ...{ name: "岡山", account: "検索", impressions: 401, adClicks: 21, landings: 10, people: 5 },
      rate: { count: 5, percent: 50, low: 23.7, high: 76.3, isTooFew: false },
      costs: [{ currency: "JPY", cost: "12001", each: { each: "2400", low: "1029", high: "7392", isTooFew: false } }],
    },
  ]);
  expect(value.compared).toMatchObject({ period: { from: "2026-09-01", to: "2026-09-30" }, groupTotals: { rows: 0 } });
  // All of it is JSON: no micros, which are bigint.
  expect(JSON.parse(JSON.stringify(value))).toMatchObject({ by: "campaign", groupTotals: { landings: 10 } });
});

test("a wrong option is told by its name", async () => {
  await expect(reportViewCommand({ ...october, by: "family" })).rejects.toThrow(Invalid);
});
