/** The brief for peers: who writes it, what happens when two do, and who is notified. */

import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { EntryForm } from "#api/entries/forms.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { openBrief } from "#api/peers/brief.ts";
import { showEntryToPeers, writeBrief } from "#api/peers/write-brief.ts";
import { db } from "#db/client.ts";
import { briefs } from "#db/schema/briefs.ts";
import { staffNotices } from "#db/schema/notices.ts";
import { elements, words } from "../../site/html.ts";
import { everything, get, type Member, member, postForm, receive, refusedPage, signIn, trailOf } from "../requests.ts";

let [one, other, peer] = [] as unknown as [Member, Member, Member];
let cookie = "";
beforeAll(async () => {
  [one, other, peer] = [await member("coordinator"), await member("coordinator"), await member("peer")];
  cookie = await signIn(other);
});

const text = async (id: string) => (await openBrief(one, id)).brief?.text;
const seenIn = (html: string) => elements(html, "input").find(({ name }) => name === "seen")?.["value"] ?? "";

test("is sealed, written by those who answer families, and audited without its words", async () => {
  const { caseId } = await receive();
  await writeBrief(one, caseId, { brief: "カワセミの申し送り", seen: "" });
  expect(await text(caseId)).toBe("カワセミの申し送り");
  expect(await everything()).not.toContain("カワセミの申し送り");
  const [row] = await db.select().from(briefs).where(eq(briefs.caseId, caseId));
  expect(await trailOf(row?.id ?? "")).toEqual([{ action: "write", staffId: one.id, detail: { case: caseId } }]);
  await expect(writeBrief(peer, caseId, { brief: "私が書く", seen: "" })).rejects.toMatchObject({ name: "Forbidden" });
  await expect(openBrief(peer, caseId)).rejects.toMatchObject({ name: "Forbidden" });
});

test("that a colleague wrote meanwhile is not overwritten: their name is told, and both texts are shown", async () => {
  const { caseId } = await receive();
  const page = `/staff/cases/${caseId}/brief`;
  const seen = seenIn(await (await get(page, { cookie })).text());
  await writeBrief(one, caseId, { brief: "先に書かれた文章", seen: "" });
  const html =
    (await refusedPage(await postForm(page, { brief: "あとから書いた文章", seen }, { cookie }), cookie)) ?? "";
  expect(words(html)).toContain(`${one.name}さんが、`);
  expect(html).toContain("先に書かれた文章");
  expect(html).toContain("あとから書いた文章</textarea>");
  expect(await text(caseId)).toBe("先に書かれた文章");
  const sent = await postForm(page, { brief: "二人で決めた文章", seen: seenIn(html) }, { cookie });
  expect(sent.headers.get("location")).toBe(`/staff/cases/${caseId}?done=brief`);
  expect(await text(caseId)).toBe("二人で決めた文章");
});

test("that a colleague withdrew meanwhile does not come back unasked", async () => {
  const { caseId } = await receive();
  const page = `/staff/cases/${caseId}/brief`;
  await writeBrief(one, caseId, { brief: "まちがった申し送り", seen: "" });
  const seen = seenIn(await (await get(page, { cookie })).text());
  await writeBrief(one, caseId, { brief: "", seen });
  const late = await postForm(page, { brief: "まちがった申し送りの続き", seen }, { cookie });
  const html = (await refusedPage(late, cookie)) ?? "";
  expect(words(html)).toContain(`${one.name}さんが、`);
  expect(words(html)).toContain("取り下げました");
  expect(html).toContain("まちがった申し送りの続き</textarea>");
  expect(await text(caseId)).toBeUndefined();
  await postForm(page, { brief: "まちがった申し送りの続き", seen: seenIn(html) }, { cookie });
  expect(await text(caseId)).toBe("まちがった申し送りの続き");
});

test("emptied is withdrawn", async () => {
  const { caseId } = await receive();
  await writeBrief(one, caseId, { brief: "取り下げる文章", seen: "" });
  const { brief } = await openBrief(one, caseId);
  await postForm(`/staff/cases/${caseId}/brief`, { brief: "", seen: brief?.id ?? "" }, { cookie });
  expect(await text(caseId)).toBeUndefined();
});

test("peers who help are notified of each brief and of each entry once, and helpers that they were asked", async () => {
  const { caseId } = await receive();
  const noticed = async (who: Member) =>
    (await db.select().from(staffNotices).where(eq(staffNotices.staffId, who.id)))
      .filter((row) => row.caseId === caseId)
      .map(({ kind }) => kind);
  await assign(one, caseId, { staff_id: peer.id, role: "helper" });
  expect(await noticed(peer)).toEqual(["helping"]);
  await writeBrief(one, caseId, { brief: "一つめ", seen: "" });
  await writeBrief(one, caseId, { brief: "一つめ", seen: (await openBrief(one, caseId)).brief?.id ?? "" });
  await writeBrief(one, caseId, { brief: "二つめ", seen: (await openBrief(one, caseId)).brief?.id ?? "" });
  expect(await noticed(peer)).toEqual(["helping", "brief", "brief"]);
  const call = { happened_at: "2026-11-20T14:30", channel: "phone", from_party: "staff", to_party: "family" };
  const id = await addEntry(one, caseId, EntryForm.parse({ ...call, what: "話した。" }));
  for (const isShown of [true, false, true]) await showEntryToPeers(one, caseId, id, isShown);
  expect(await noticed(peer)).toEqual(["helping", "brief", "brief", "brief"]);
  await addEntry(one, caseId, EntryForm.parse({ ...call, what: "訪ねた。", for_peers: "true" }));
  expect(await noticed(peer)).toEqual(["helping", "brief", "brief", "brief", "brief"]);
  expect(await noticed(one)).toEqual([]);
});
