import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { noCounts } from "#analytics/landings/counts.ts";
import { viewCsv } from "#analytics/report-view/csv.ts";
import type { GroupRow } from "#analytics/report-view/groups.ts";
import type { ViewRow } from "#analytics/report-view/read.ts";

const row: GroupRow = {
  ...{ ...noCounts, kind: "keyword", key: "a", name: "完全一致", keyword: "", campaign: "", adGroup: "" },
  ...{ impressions: 400, adClicks: 30, landings: 20, formsOpened: 9, downloads: 2, subscriptions: 1 },
  ...{ consultations: 11, doubtful: 1, people: 9, firstConsultations: 8 },
  costs: [
    { currency: "JPY", cost: 12_000_000_000n, consultations: 11, doubtful: 1 },
    { currency: "USD", cost: 1_200_000n, consultations: 2, doubtful: 0 },
  ],
};
const few: GroupRow = { ...row, key: "b", name: "フレーズ一致", people: 4, costs: [], note: "わけ" };
const was: ViewRow = {
  ...row,
  was: { ...few, landings: 15, costs: [{ currency: "JPY", cost: 7_000_000n, consultations: 0, doubtful: 0 }] },
};
const read = async (rows: ViewRow[], compare?: "previous" | "year") => {
  const csv = await viewCsv(rows, { by: "match_type", compare });
  return parse(csv, { bom: true, record_delimiter: "\r\n" }) as string[][];
};

test("every column, and a second currency on a line of its own without counts", async () => {
  const [heading, ...lines] = await read([row, few]);
  expect(heading).toEqual([
    ...[
      "マッチタイプ",
      "表示回数",
      "広告のクリック数",
      "着地数",
      "フォームを開いた数",
      "資料ダウンロード",
      "メール登録",
    ],
    ...["相談", "うち要確認", "相談の実人数", "相談（最初の接点）"],
    ...["費用", "通貨", "相談1件あたりの費用", "1件あたりの下限", "1件あたりの上限"],
    ...["相談した割合（%）", "割合の下限", "割合の上限", "備考"],
  ]);
  const counts = ["400", "30", "20", "9", "2", "1", "11", "1"];
  const none = Array.from({ length: 10 }, () => "");
  const tooFew = "件数が少なく、まだ言えません";
  expect(lines).toEqual([
    ["完全一致", ...counts, "9", "8", "12000", "JPY", "1200", "653", "2502", "45", "25.8", "65.8", ""],
    ["完全一致", ...none, "1.20", "USD", tooFew, "", "", "", "", "", ""],
    ["フレーズ一致", ...counts, "4", "8", "", "", "", "", "", tooFew, "", "", "わけ"],
  ]);
});

test("the compared period stands beside, of the same currency", async () => {
  const [heading = [], first = [], second = [], third = []] = await read([was, few], "year");
  const at = heading.indexOf("着地数（前の年の同じ期間）");
  expect([first[at], second[at], third[at]]).toEqual(["15", "", ""]);
  const cost = heading.indexOf("費用（前の年の同じ期間）");
  expect([first[cost], second[cost], third[cost]]).toEqual(["7", "", ""]);
});
