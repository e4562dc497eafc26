/** The numbers of quarters: hand-made rows, and the whole table that is published of them. */

import { asc, eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { numbersSoFar, publishNumbers } from "#api/numbers/publish.ts";
import { eraseCase } from "#api/privacy/erase.ts";
import { db } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { closures } from "#db/schema/cases.ts";
import { publishedQuarters } from "#db/schema/published-numbers.ts";
import { member, trailOf } from "../requests.ts";
import { asked, gaveGuide, opened, publishing, tokyo } from "./happened.ts";

const table = () => db.select().from(publishedQuarters).orderBy(asc(publishedQuarters.quarter));

let by: string;
/** A case of the first quarter that counts, and one of the second. */
let first: string;
let second: string;

beforeAll(async () => {
  ({ id: by } = await member("manager"));
  await opened("2026-05-11T10:00:00");
  publishing();

  // Staff tried the form on the day before.
  await asked(by, "2026-05-10T23:59:59", { due: "2026-05-14", replied: "2026-05-11T10:00:00" });
  first = await asked(by, "2026-05-11T00:00:00", { due: "2026-05-14", replied: "2026-05-11T16:00:00" });
  await asked(by, "2026-05-12T10:00:00", { due: "2026-05-15", replied: "2026-05-13T10:00:00" });
  // A call counts on its day, whenever it was written down: Friday to Monday.
  await asked(by, "2026-05-15T10:00:00", { due: "2026-05-20", spoke: "2026-05-18T10:00:00" });
  await asked(by, "2026-05-18T10:00:00", { due: "2026-05-21", replied: "2026-05-21T23:59:59" });
  await asked(by, "2026-05-18T11:00:00", { due: "2026-05-21", replied: "2026-05-22T00:00:00" });
  await asked(by, "2026-05-19T11:00:00", { due: "2026-05-22", ended: "2026-05-22T18:00:00" });
  await asked(by, "2026-05-20T11:00:00", { due: "2026-05-25", ended: "2026-05-26T09:00:00" });
  await asked(by, "2026-05-25T11:00:00");
  await asked(by, "2026-06-30T23:59:59", { due: "2026-07-03" });
  await asked(by, "2026-06-01T10:00:00", { closedAs: "not_a_case" });
  await asked(by, "2026-06-01T11:00:00", { closedAs: "test" });
  await asked(by, "2026-06-01T12:00:00", { spamScore: 100 });
  await asked(by, "2026-06-01T13:00:00", { channel: "sample", due: "2026-06-04" });
  for (const at of ["2026-05-11T00:00:00", "2026-06-30T23:59:59"]) await gaveGuide(at);

  second = await asked(by, "2026-07-01T00:00:00", { due: "2026-07-06", replied: "2026-07-02T10:00:00" });
  await asked(by, "2026-08-03T10:00:00", { due: "2026-08-06", replied: "2026-08-04T10:00:00", closedAs: "settled" });
  for (const at of ["2026-07-01T00:00:00", "2026-08-01T00:00:00", "2026-09-30T23:59:59"]) await gaveGuide(at);
  await gaveGuide("2026-08-01T10:00:00", { spamScore: 100 });
  await gaveGuide("2026-08-01T11:00:00", { channel: "sample" });

  for (const hour of ["00", "10", "11"]) await asked(by, `2026-10-01T${hour}:00:00`);
});
beforeEach(() => publishing());

/** In time are all nine but three: one answered after midnight, one ended after its day, one still open. */
const spring = {
  ...{ threshold: 3, since: "2026-05-11", consultations: 9, guides: "few", inTime: 6, halfWithinDays: 1 },
} as const;
const summer = {
  ...{ threshold: 3, since: null, consultations: "few", guides: 3, inTime: "withheld", halfWithinDays: null },
} as const;

test("nothing is published while the page is off, or before families may come", async () => {
  const now = tokyo("2026-12-01T00:00:00");
  publishing(false);
  expect(await publishNumbers(now)).toEqual({ quarters: 0 });
  for (const stage of ["own", "sample"] as const) {
    publishing(true, stage);
    expect(await publishNumbers(now)).toEqual({ quarters: 0 });
  }
  expect(await table()).toEqual([]);
});

test("a quarter is published 14 days after its end, at midnight in Tokyo, as it is withheld and in no other way", async () => {
  expect(await publishNumbers(tokyo("2026-07-14T23:59:59"))).toEqual({ quarters: 0 });
  const now = tokyo("2026-07-15T00:00:00");
  expect(await publishNumbers(now)).toEqual({ quarters: 1 });
  expect(await table()).toEqual([{ quarter: "2026-Q1", isSample: false, numbers: spring, publishedAt: now }]);
  expect(await trailOf("2026-Q1")).toEqual([{ action: "publish", staffId: null, detail: { threshold: 3 } }]);
});

test("the next one is published once, beside it", async () => {
  expect(await publishNumbers(tokyo("2026-10-14T23:59:59"))).toEqual({ quarters: 0 });
  const now = tokyo("2026-10-15T00:00:00");
  const both = await Promise.all([publishNumbers(now), publishNumbers(now)]);
  expect(both.reduce((sum, { quarters }) => sum + quarters, 0)).toBe(1);
  expect((await table()).map(({ quarter, numbers }) => [quarter, numbers])).toEqual([
    ["2026-Q1", spring],
    ["2026-Q2", summer],
  ]);
});

test("what is published stays as it is, whatever is corrected, erased or set afterwards", async () => {
  const before = await table();
  const now = tokyo("2026-11-01T00:00:00");
  await eraseCase(first, { reason: "request", by: null, now });
  await db.insert(closures).values({ id: newId(), caseId: second, reason: "not_a_case", closedBy: by, closedAt: now });
  await asked(by, "2026-06-15T10:00:00");
  expect(await publishNumbers(tokyo("2026-11-02T00:00:00"))).toEqual({ quarters: 0 });
  expect(await table()).toEqual(before);
});

test("the database itself refuses to change or delete a published quarter", async () => {
  const quarter = eq(publishedQuarters.quarter, "2026-Q1");
  await expect(db.update(publishedQuarters).set({ publishedAt: new Date() }).where(quarter)).rejects.toThrow();
  await expect(db.delete(publishedQuarters).where(quarter)).rejects.toThrow();
  expect(await table()).toHaveLength(2);
});

test("staff see what the quarter that runs would say, and it is published nowhere", async () => {
  expect(await numbersSoFar(tokyo("2026-10-02T00:00:00"))).toEqual({
    quarter: "2026-Q3",
    numbers: { threshold: 3, since: null, consultations: 3, guides: 0, inTime: 3, halfWithinDays: null },
  });
  expect(await table()).toHaveLength(2);
});
