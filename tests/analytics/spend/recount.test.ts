/** What counts of any imports, in any order, equals a computation that looks at every line of every file. */

import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { undoImport } from "#analytics/imports/undo.ts";
import { type Period } from "#analytics/period.ts";
import { recount } from "#analytics/spend/recount.ts";
import { spendIn } from "#analytics/spend/spend.ts";
import { db, transaction } from "#db/client.ts";
import { empty, take } from "../fixtures.ts";
import { day, type File, fileOf, length, type Line, naive, textsOf } from "./files.ts";

beforeEach(empty);

/** All that is derived, as text. */
const derived = async () => {
  const found = await db.execute<{ it: string }>(sql`
    select 'day ' || s::text as it from ad_spend s where counted union all select 'term ' || s::text from search_terms s where counted
    union all select 'month ' || s::text from spend_months s union all select 'span ' || s::text from spend_spans s order by 1`);
  return found.map(({ it }) => it);
};

/** Lines, and what is derived of them, without their bid or an import that stands, and bids without a line: no foreign key says so. */
const orphans = async () => {
  const lines = ["ad_spend", "search_terms", "spend_spans"].map((table) => `select bid_id, import_no from ${table}`);
  const [row] = await db.execute<{ n: number }>(sql`
    select (
      select count(*) from (${sql.raw(lines.join(" union all "))}) line
      where not exists (select from bids b where b.id = line.bid_id)
        or not exists (select from ad_imports i where i.no = line.import_no and i.undone_at is null)) + (
      select count(*) from spend_months m where not exists (select from bids b where b.id = m.bid_id)) + (
      select count(*) from bids b where not exists (select from ad_spend s where s.bid_id = b.id)
        and not exists (select from search_terms t where t.bid_id = b.id)) as n`);
  return Number(row?.n);
};

const nonZero = (sums: Iterable<[string, [number, number]]>) =>
  [...sums].filter(([, [clicks, cost]]) => clicks > 0 || cost > 0).toSorted(([a], [b]) => (a < b ? -1 : 1));

const periods: Period[] = [
  { from: day(0), to: day(length - 1) },
  { from: "2026-02-01", to: "2026-02-28" },
  { from: day(5), to: day(33) },
];

async function counted(account: string, period: Period) {
  const { lines } = await spendIn(period);
  const sums = new Map<string, [number, number]>();
  for (const line of lines.filter((one) => one.account === account)) {
    const bid = line.keyword || line.campaign;
    const [clicks, cost] = sums.get(bid) ?? [0, 0];
    sums.set(bid, [clicks + line.clicks, cost + Number(line.cost / 1_000_000n)]);
  }
  return nonZero(sums);
}

test("days, weeks and sums, of parts, with and without ids, in any order, undone or not", async () => {
  const world = fc.tuple(fc.array(fileOf, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(9), { maxLength: 3 }));
  await fc.assert(
    fc.asyncProperty(world, async ([files, undone]) => {
      await empty();
      let salt = 0;
      const standing: { file: File; lines: Line[]; id: string }[] = [];
      for (const file of files)
        for (const text of textsOf(file, salt++)) {
          const { id = "", refusal } = await take(text, { account: file.account });
          expect(refusal).toBeUndefined();
          expect((await take(text, { account: file.account })).refusal).toContain("取り込み済み");
          const some = text.includes(",日,")
            ? (l: Line) => l.from === l.to
            : (l: Line) => text.includes(`${l.from} - ${l.to}`);
          standing.push({ file, id, lines: file.lines.filter(some) });
        }
      for (const at of undone) {
        const [gone] = standing.splice(at % Math.max(1, standing.length), 1);
        if (gone) await undoImport(null, gone.id);
      }
      for (const account of ["検索", "助成"])
        for (const period of periods)
          expect(await counted(account, period)).toEqual(nonZero(naive(standing, account, period)));
      expect(await orphans()).toBe(0);
      const before = await derived();
      await transaction(async (tx) => {
        await tx.execute(sql`update ad_spend set counted = not counted where date_from = date_to`);
        await tx.execute(sql`update search_terms set counted = not counted where date_from = date_to`);
        for (const account of ["検索", "助成"]) await recount(tx, account);
      });
      expect(await derived()).toEqual(before);
    }),
    { numRuns: 60 },
  );
}, 300_000);
