/**
 * Who is owed an answer: what staff see, what the family's page says and what retention would do, after each
 * sequence of events. Looked at on Friday the 20th of November 2026 (sequences.ts has the calendar).
 */

import { beforeAll, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { listCases } from "#api/cases/inbox.ts";
import { applyRetention } from "#api/privacy/retention.ts";
import { listToday } from "#api/today/today.ts";
import { type Member, member } from "../requests.ts";
import { type Family, familyThatAsked, happen, november, promisedTo, staffSee, type Wish } from "./sequences.ts";

/**
 * Columns: the answer the family wants | what happens | state of the case | whose turn | when it is due | why | the day
 * that the family's page promises | whether retention erases the family years later. 〃 repeats the field above.
 */
const table = `
  mail  | -                                                       | new     | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。 | 19 | keeps
  phone | -                                                       | new     | ours   | 1日超過  | 〃 | 19 | keeps
  none  | -                                                       | new     | unread |          | お返事のいらないご相談です。まだ担当が決まっていません。読んで、担当を決めてください。 | - | keeps
  none  | 17 assign                                               | open    | family |          | お返事のいらないご相談です。 | - | keeps
  none  | 17 closes                                               | closed  | nobody |          |  | - | erases
  mail  | 17 assign                                               | open    | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。 | 19 | keeps
  mail  | 17 reply                                                | waiting | family |          | お返事は済んでいます。ご家族からの連絡を待っています。 | - | keeps
  mail  | 17 reply, notice:accepted                               | waiting | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:retry                                  | waiting | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:uncertain                              | waiting | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:uncertain, notice:uncertain, notice:uncertain, notice:uncertain | waiting | family | | 〃 | - | keeps
  mail  | 17 reply, notice:failed                                 | open    | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。お知らせのメールは届きませんでした。 | 19 | keeps
  mail  | 17 reply, notice:suppressed                             | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 reply, notice:cancelled                              | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 reply, notice:retry, 19 notice:failed                | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 reply, notice:failed, 18 waits!                      | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 reply, notice:failed, 18 resend, notice:failed       | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 reply, notice:failed, 18 reply, notice:failed        | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 reply, reply, notice:failed                          | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 reply, notice:failed, 18 corrects, notice:failed     | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 reply, notice:failed, 18 corrects-only               | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 reply, notice:failed, 18 resend                      | open    | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。 | 19 | keeps
  mail  | 17 reply, notice:failed, 18 corrects                    | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | receipt:failed, 17 corrects                             | new     | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 wants:phone                                          | new     | ours   | 1日超過  | 〃 | 19 | keeps
  none  | 17 wants:phone                                          | new     | ours   | きょうまで | 〃 | 20 | keeps
  mail  | 17 reply, notice:failed, 18 resend, 19 call:no_answer   | open    | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。きのうの電話は留守でした。 | 19 | keeps
  mail  | 17 reply, notice:failed, 18 resend, notice:accepted     | open    | family |          | お返事は済んでいます。ご家族からの連絡を待っています。 | - | keeps
  mail  | 17 reply, notice:failed, 18 resend, notice:uncertain, notice:uncertain, notice:uncertain, notice:uncertain | open | family | | 〃 | - | keeps
  mail  | 17 reply, notice:failed, 18 corrects, notice:accepted   | open    | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:failed, 18 corrects, notice:failed, 19 corrects, notice:accepted | open | family | | 〃 | - | keeps
  mail  | 17 reply, notice:failed, 18 reply, notice:failed, 19 corrects, notice:accepted | open | family | | 〃 | - | keeps
  mail  | receipt:failed, 17 corrects, 18 reply, notice:accepted  | waiting | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:failed, 18 wants:none                  | open    | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:failed, 18 opens                       | open    | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:failed, 18 call:spoke                  | open    | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:failed, 18 reply                       | waiting | family |          | 〃 | - | keeps
  mail  | 17 opens, 18 reply, reply, first-notice:failed          | waiting | family |          | 〃 | - | keeps
  mail  | 17 reply, reply, first-notice:accepted, notice:failed   | waiting | family |          | 〃 | - | keeps
  mail  | 17 call:spoke, 18 reply, notice:failed                  | waiting | family |          | 〃 | - | keeps
  mail  | 17 reply, opens, notice:failed                          | waiting | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:failed, 19 call:no_answer              | open    | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。お知らせのメールは届かず、きのうの電話は留守でした。 | 19 | keeps
  mail  | 17 call:spoke                                           | new     | family |          | お返事は済んでいます。ご家族からの連絡を待っています。 | - | keeps
  mail  | 17 visit:spoke                                          | new     | family |          | 〃 | - | keeps
  phone | 17 meeting:spoke                                        | new     | family |          | 〃 | - | keeps
  phone | 17 online:spoke                                         | new     | family |          | 〃 | - | keeps
  mail  | 17 call                                                 | new     | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。 | 19 | keeps
  mail  | 17 note                                                 | new     | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 mail-entry                                           | new     | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 incoming:spoke                                       | new     | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 school:spoke, hospital:spoke                         | new     | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 by-school:spoke                                      | new     | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 call-before:spoke                                    | new     | ours   | 1日超過  | 〃 | 19 | keeps
  phone | 17 school:no_answer                                     | new     | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 waits!, closes!                                      | new     | ours   | 1日超過  | 〃 | 19 | keeps
  phone | 19 visit:no_answer                                      | new     | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。きのうの訪問は留守でした。 | 19 | keeps
  phone | 17 call:no_answer, 20 call:left_message                 | new     | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。きょうの電話では伝言をお願いしました（あわせて2回）。 | 19 | keeps
  phone | 17 call:no_answer, call:no_answer, 20 call:no_answer    | new     | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。きょうの電話は留守でした（あわせて3回）。 | 19 | keeps
  phone | 17 call:no_answer, 18 visit:no_answer, 20 call:no_answer | new    | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。きょうの電話は留守でした（あわせて3回）。3日かけてもつながらないため、「連絡がつかない」として約束を終えることもできます。 | 19 | keeps
  phone | 17 reply                                                | open    | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。サイトに書いたお返事は、まだ開かれていません。 | 19 | keeps
  none  | 17 reply, 18 wants:phone                                | open    | ours   | あと1日  | 〃 | 24 | keeps
  phone | 17 reply, 19 call:no_answer                             | open    | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。サイトに書いたお返事はまだ開かれず、きのうの電話は留守でした。 | 19 | keeps
  phone | 17 reply, 18 opens                                      | open    | family |          | お返事は済んでいます。ご家族からの連絡を待っています。 | - | keeps
  phone | 17 reply, 18 call:spoke                                 | open    | family |          | 〃 | - | keeps
  mail  | 17 adds                                                 | new     | ours   | 1日超過  | 11月16日（月）のご相談など2件に、まだお返事が届いていません。 | 19 | keeps
  mail  | 17 adds, stale!                                         | new     | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 adds, stale!, 18 reply                               | waiting | family |          | お返事は済んでいます。ご家族からの連絡を待っています。 | - | keeps
  mail  | 17 adds, 18 call:spoke                                  | new     | family |          | 〃 | - | keeps
  mail  | 17 reply, notice:accepted, 18 adds                      | open    | ours   | あと1日  | 11月18日（水）の書き足しに、まだお返事が届いていません。 | 24 | keeps
  phone | 17 reply, 18 adds                                       | open    | ours   | あと1日  | 〃 | 24 | keeps
  mail  | 17 reply, 18 adds, notice:failed                        | open    | ours   | あと1日  | 〃 | 24 | keeps
  mail  | 17 reply, closes, 18 adds                               | open    | ours   | あと1日  | 〃 | 24 | keeps
  mail  | 17 ends:not_needed, 18 adds                             | new     | ours   | あと1日  | 〃 | 24 | keeps
  mail  | 17 reply, notice:accepted, 18 adds, reply, notice:failed | open   | ours   | あと1日  | 11月18日（水）の書き足しに、まだお返事が届いていません。お知らせのメールは届きませんでした。 | 24 | keeps
  mail  | 17 call:no_answer, 18 call:spoke, 19 adds               | new     | ours   | あと2日  | きのうの書き足しに、まだお返事が届いていません。 | 25 | keeps
  none  | 17 adds                                                 | new     | ours   | きょうまで | 11月17日（火）の書き足しに、まだお返事が届いていません。 | 20 | keeps
  none  | 17 adds, 18 reply                                       | waiting | family |          | お返事は済んでいます。ご家族からの連絡を待っています。 | - | keeps
  mail  | 17 reply, 18 waits                                      | waiting | family |          | 〃 | - | keeps
  mail  | 17 reply, 18 ends:not_needed!                           | waiting | family |          | 〃 | - | keeps
  mail  | 17 waits:not_needed                                     | waiting | family |          | お返事の約束は終えました（お返事は不要になった）。ご家族からの連絡を待っています。 | - | keeps
  mail  | 17 ends:other_case                                      | new     | family |          | お返事の約束は終えました（ほかの相談でお返事した）。ご家族からの連絡を待っています。 | - | keeps
  mail  | 17 reply, notice:failed, 18 ends:unreachable            | open    | family |          | お返事の約束は終えました（連絡がつかない）。ご家族からの連絡を待っています。 | - | keeps
  mail  | 17 closes:other_desk, 18 reopens                        | open    | family |          | お返事の約束は終えました（別の窓口で対応した）。ご家族からの連絡を待っています。 | - | keeps
  mail  | 17 closes:prank                                         | closed  | nobody |          |  | - | erases
  mail  | 17 reply, closes                                        | closed  | nobody |          | 〃 | - | erases
  mail  | 17 reply, closes, notice:failed, 18 ends:unreachable    | closed  | nobody |          | 〃 | - | erases
  mail  | 17 reply, closes, notice:failed                         | closed  | ours   | 1日超過  | 11月16日（月）のご相談に、まだお返事が届いていません。お知らせのメールは届きませんでした。 | 19 | keeps
  mail  | 17 reply, closes, notice:failed, 18 reopens             | open    | ours   | 1日超過  | 〃 | 19 | keeps
  mail  | 17 erase                                                | new     | nobody |          |  | erased | is erased
  mail  | 17 reply, erase, notice:cancelled                       | waiting | nobody |          | 〃 | erased | is erased
`;

const headings = ["state", "turn", "dueLabel", "why", "family", "retention"] as const;

interface Row extends Record<(typeof headings)[number], string> {
  wish: Wish;
  sequence: string;
}

const rows: Row[] = [];
for (const line of table.trim().split("\n")) {
  const [wish = "", sequence = "", ...fields] = line.split("|").map((field) => field.trim());
  const above = rows.at(-1);
  const expected = headings.map((name, at) => [name, fields[at] === "〃" ? above?.[name] : fields[at]]);
  rows.push({ wish: wish as Wish, sequence, ...Object.fromEntries(expected) } as Row);
}

const look = november(20, 60);
const families = new Map<Row, Family>();
const seen = new Map<Row, Record<string, string>>();
let manager: Member;

beforeAll(async () => {
  manager = await member("manager");
  for (const row of rows) {
    const family = await familyThatAsked(row.wish, manager);
    families.set(row, family);
    await happen(family, row.sequence);
    const { state, turn, dueLabel, why } = await staffSee(family, look);
    seen.set(row, { state, turn, dueLabel, why, family: await promisedTo(family) });
  }
}, 300_000);

test("there are at least forty sequences, and no two are the same", () => {
  expect(rows.length).toBeGreaterThanOrEqual(40);
  expect(new Set(rows.map(({ wish, sequence }) => `${wish} ${sequence}`)).size).toBe(rows.length);
});

test.each(rows)("$wish: $sequence", (row) => {
  const { wish: _wish, sequence: _sequence, retention: _retention, ...expected } = row;
  expect(seen.get(row)).toEqual(expected);
});

test("the list says of each case what its own page says", async () => {
  const listed = new Map<string, unknown>();
  for (let after: string | undefined, isMore = true; isMore; isMore = after !== undefined) {
    const page = await listCases(manager, { after }, look);
    for (const { id, owed } of page.cases) listed.set(id, owed);
    after = page.next;
  }
  for (const { caseId } of families.values()) {
    const { owed, isErased } = await openCase(manager, caseId, look);
    expect(listed.get(caseId)).toEqual(isErased ? undefined : owed);
  }
});

test("きょう lists as overdue what its own page says is", async () => {
  const late = rows.filter((row) => row.dueLabel.endsWith("超過")).map((row) => families.get(row)?.caseId);
  const { groups } = await listToday(manager, {}, look);
  expect(groups.late.map(({ id }) => id).toSorted()).toEqual(late.toSorted());
});

test("retention erases those whose support has ended and to whom nothing is owed", async () => {
  const was = new Map<Row, boolean>();
  for (const [row, { caseId }] of families) was.set(row, (await openCase(manager, caseId)).isErased);
  await applyRetention(new Date("2030-01-01T00:00:00Z"));
  const fates: [string, string][] = [];
  for (const [row, { caseId }] of families) {
    const { isErased } = await openCase(manager, caseId);
    fates.push([row.sequence, was.get(row) ? "is erased" : isErased ? "erases" : "keeps"]);
  }
  expect(fates).toEqual(rows.map(({ sequence, retention }) => [sequence, retention]));
});
