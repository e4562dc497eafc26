/** The page that lists one's own drafts. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { assign, unassign } from "#api/cases/assign.ts";
import { countDrafts, listDrafts } from "#api/drafts/list.ts";
import { saveDraft } from "#api/drafts/save.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { db } from "#db/client.ts";
import { drafts } from "#db/schema/drafts.ts";
import { get, type Member, member, postForm, receive, signIn } from "../requests.ts";

const canary = "カナリヤの話";

let me: Member;
let cookie = "";
beforeEach(async () => {
  me = await member("coordinator");
  cookie = await signIn(me);
});

const show = async (path = "/staff/drafts", as = cookie) => (await get(path, { cookie: as })).text();
const begin = (page: string, form: string, values: Record<string, unknown>, errors = {}) =>
  saveDraft(me.id, { form, page, values, errors });
async function beginReply(words = canary) {
  const { caseId, reference } = await receive();
  const page = `/staff/cases/${caseId}`;
  await begin(page, `${page}/replies`, { reply: words, latest: "" });
  return { caseId, reference, page };
}
const shown = (reference: string) => `相談 ${reference.slice(0, 4)}`;

test("says where each belongs, its first words, when it was saved, and when it goes", async () => {
  const { page, reference } = await beginReply();
  await db
    .update(drafts)
    .set({ savedAt: sql`now() - interval '10 days 1 hour'` })
    .where(eq(drafts.staffId, me.id));
  const html = await show();
  for (const part of [shown(reference), "ご家族へのお返事", canary, "あと19日で消えます", `href="${page}"`])
    expect(html).toContain(part);
});

test("the count in the account menu is how many stand there; a refused button without a word is none", async () => {
  await beginReply();
  await beginReply();
  const { caseId } = await receive();
  await begin(
    `/staff/cases/${caseId}`,
    `/staff/cases/${caseId}/state`,
    { state: "waiting" },
    { form: "いまはできません" },
  );
  expect(await countDrafts(me.id)).toBe(2);
  expect(await listDrafts(me)).toHaveLength(2);
  expect(await show("/staff")).toContain('書きかけ<span class="count"> 2</span>');
  for (const press of ["この書きかけを消す", "開いて続きを書く"])
    expect((await show()).match(new RegExp(`${press}<span class="visually-hidden"[^>]*>（相談 `, "gu"))).toHaveLength(
      2,
    );
});

test("what is older than 30 days is neither listed nor counted", async () => {
  await beginReply();
  await db
    .update(drafts)
    .set({ savedAt: sql`now() - interval '30 days 1 minute'` })
    .where(eq(drafts.staffId, me.id));
  expect([await countDrafts(me.id), await listDrafts(me)]).toEqual([0, []]);
  expect(await show()).toContain("いま、書きかけの文章はありません");
});

test("one that is dropped there is gone, and the answer leads back to the list", async () => {
  await beginReply();
  const [draft] = await listDrafts(me);
  const answer = await postForm(`/staff/drafts/${draft?.id}/drop`, { from: "list" }, { cookie });
  expect(answer.headers.get("location")).toBe("/staff/drafts?done=dropped");
  expect(await countDrafts(me.id)).toBe(0);
});

test("nobody else's stand there", async () => {
  await beginReply();
  const other = await signIn(await member("manager"));
  expect(await show("/staff/drafts", other)).not.toContain(canary);
  expect(await show("/staff", other)).not.toMatch(/書きかけ<span/u);
});

test("of a case that was taken from a peer the own words are left, and neither its reference nor a link", async () => {
  const peer = await member("peer");
  const { caseId, reference } = await receive();
  await assign(me, caseId, { staff_id: peer.id });
  const page = `/staff/cases/${caseId}`;
  await saveDraft(peer.id, { form: `${page}/entries`, page, values: { what: canary }, errors: {} });
  const theirs = await signIn(peer);
  expect(await show("/staff/drafts", theirs)).toContain(`href="${page}"`);
  await unassign(me, caseId, peer.id);
  const html = await show("/staff/drafts", theirs);
  expect(html).toContain(canary);
  for (const part of [reference.slice(0, 4), `href="${page}"`]) expect(html).not.toContain(part);
});

test("an erased family's are gone", async () => {
  const { reference } = await beginReply();
  await eraseFamily(reference);
  expect(await listDrafts(me)).toEqual([]);
});
