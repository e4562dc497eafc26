/** The page that corrects a contact, and the ways that lead to it. */

import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { db } from "#db/client.ts";
import { sideNotes } from "#db/schema/side-notes.ts";
import { elements, words } from "../../site/html.ts";
import { get, type Member, member, postForm, receive, refusedPage, signIn, trailOf } from "../requests.ts";
import { correct, familyWithRefusedNotice, familyWithRefusedReceipt, mailsOf, sendAll, versionOf } from "./families.ts";

let coordinator: Member;
let peer: Member;
let cookie: string;
beforeAll(async () => {
  [coordinator, peer] = [await member("coordinator"), await member("peer")];
  cookie = await signIn(coordinator);
});

const show = async (path: string, as = cookie) => (await get(path, { cookie: as })).text();
const linksTo = (html: string, href: string) => elements(html, "a").filter((tag) => tag["href"] === href);
const fieldsIn = (html: string) =>
  Object.fromEntries(
    elements(html, "input").flatMap(({ name, value = "" }) => (name === undefined ? [] : [[name, value]])),
  );
const filled = (html: string) => [...html.matchAll(/class="btn primary"[^>]*>([^<]*)/gu)].map(([, label]) => label);

test("from the case to the mail sent again it takes two presses: the link in the timeline, and the button", async () => {
  const { caseId } = await familyWithRefusedNotice(coordinator);
  const page = `/staff/cases/${caseId}/contact`;
  const html = await show(`/staff/cases/${caseId}`);
  expect(words(html)).toContain("お返事のお知らせ: 届かなかった。この宛先はありません。");
  expect(words(html)).toContain("アドレスを直して送り直す");
  const asked = await show(page);
  expect(words(asked)).toContain("に届きませんでした。この宛先はありません。");
  expect(fieldsIn(asked)).toMatchObject({ email: "hana@exmaple.jp", name: "花" });
  const { version = "" } = fieldsIn(asked);
  const fields = { email: "hana@example.jp", name: "花", reply_by: "email", version };
  const done = await postForm(page, { ...fields, resend: "true" }, { cookie });
  expect(done.headers.get("location")).toBe(`/staff/cases/${caseId}?done=contact_resent`);
  expect(await sendAll()).toEqual(["hana@example.jp"]);
  const after = words(await show(`/staff/cases/${caseId}?done=contact_resent`));
  expect(after).toContain("連絡先を直し、届かなかったお知らせを送り直しました。");
  expect(after).toContain(`メールアドレスを直しました（${coordinator.name}）`);
  expect(after).not.toContain("exmaple");
  expect(after).not.toContain("アドレスを直して送り直す");
});

test("the same form pressed again, and one from a page of before, change nothing and say who was first", async () => {
  const { caseId } = await familyWithRefusedNotice(coordinator);
  const page = `/staff/cases/${caseId}/contact`;
  const { version = "", key = "" } = fieldsIn(await show(page));
  const fields = { email: "first@example.jp", name: "花", reply_by: "email", resend: "true", version };
  for (let press = 0; press < 2; press++)
    expect((await postForm(page, { ...fields, key }, { cookie })).status).toBe(303);
  const other = await signIn(await member("manager"));
  const late = await postForm(page, { ...fields, email: "second@example.jp" }, { cookie: other });
  const html = (await refusedPage(late, other)) ?? "";
  expect(words(html)).toMatch(new RegExp(`${coordinator.name}さんが \\d\\d:\\d\\d に連絡先を直しました`, "u"));
  expect(fieldsIn(html)["email"]).toBe("second@example.jp");
  // Both are shown: a second press would put the words of the late one in place of what a colleague has just stored.
  const stored = words(html.split('id="stored"')[1]?.split("</dl>")[0] ?? "");
  expect(stored).toContain("first@example.jp");
  expect(stored).not.toContain("花");
  expect((await mailsOf(caseId, "reply_notice")).length).toBe(2);
  expect(await sendAll()).toEqual(["first@example.jp"]);
});

test("a refused mail is said to have gone where it went, also after the address was corrected without sending again", async () => {
  const { caseId } = await familyWithRefusedNotice(coordinator);
  await correct(coordinator, caseId, { email: "hana@example.jp" });
  const html = words(await show(`/staff/cases/${caseId}/contact`));
  expect(html).toMatch(/hana@exmaple\.jp[| ]*に届きませんでした/u);
});

test("what stood there before is shown on this page alone", async () => {
  const { caseId } = await familyWithRefusedNotice(coordinator);
  await correct(coordinator, caseId, { email: "hana@example.jp" });
  expect(words(await show(`/staff/cases/${caseId}/contact`))).toContain("hana@exmaple.jp");
  for (const path of ["", "/close", "/hand-over"])
    expect(await show(`/staff/cases/${caseId}${path}`)).not.toContain("hana@exmaple.jp");
});

test("a field that was emptied stays empty when the form is refused", async () => {
  const { caseId } = await familyWithRefusedNotice(coordinator, { phone: "086-111-0005" });
  const page = `/staff/cases/${caseId}/contact`;
  const version = String(await versionOf(caseId));
  const refused = await postForm(page, { email: "", phone: "12", name: "花", reply_by: "email", version }, { cookie });
  const html = (await refusedPage(refused, cookie)) ?? "";
  expect(fieldsIn(html)).toMatchObject({ email: "", phone: "12" });
  expect(linksTo(html, "#email")).toHaveLength(1);
});

test("the one filled button is 連絡先を直す where neither mail nor telephone works, and only then", async () => {
  const [none, phone] = [
    await familyWithRefusedNotice(coordinator),
    await familyWithRefusedNotice(coordinator, { phone: "086-111-0006" }),
  ];
  const strip = async ({ caseId }: { caseId: string }) =>
    filled((await show(`/staff/cases/${caseId}`)).split('id="form"')[0] ?? "");
  expect([await strip(none), await strip(phone)]).toEqual([["連絡先を直す"], ["電話の記録を書く"]]);
  await correct(coordinator, none.caseId, { email: "hana@example.jp", resend: true });
  expect(await strip(none)).toEqual(["お返事を書く"]);
  await sendAll();
});

test("a peer is offered no way to the contact", async () => {
  const { caseId } = await familyWithRefusedNotice(coordinator);
  await assign(coordinator, caseId, { staff_id: peer.id });
  const html = await show(`/staff/cases/${caseId}`, await signIn(peer));
  expect(html).not.toContain(`/staff/cases/${caseId}/contact`);
  expect(html).not.toContain(`/staff/cases/${caseId}/side-note`);
});

test("the list of mails leads to the contact of a refused mail, and says when it was sent again", async () => {
  const { caseId } = await familyWithRefusedReceipt();
  const link = `/staff/cases/${caseId}/contact`;
  const before = await show("/staff/mail?state=failed");
  expect(linksTo(before, link)).toHaveLength(1);
  const [refused] = await mailsOf(caseId, "receipt");
  expect(before).not.toContain(`/staff/mail/${refused?.id}/resend`);
  await correct(coordinator, caseId, { email: "again@example.jp", resend: true });
  const after = await show("/staff/mail?state=failed");
  expect([linksTo(after, link).length, words(after).includes("送り直しました")]).toEqual([0, true]);
  await sendAll();
});

test("what must be read stands on the page of the contact, and on those that hand over, close and change the state", async () => {
  const { caseId } = await receive({ email: "hana@example.jp", reply_by: "email" });
  const note = "父には連絡しない（別居）。";
  await postForm(`/staff/cases/${caseId}/side-note`, { note, latest: "" }, { cookie });
  for (const path of ["", "/contact", "/hand-over", "/close", "/state"])
    expect([path, words(await show(`/staff/cases/${caseId}${path}`)).includes(note)]).toEqual([path, true]);
  expect(await trailOf(caseId)).toContainEqual({
    ...{ action: "view", staffId: coordinator.id, detail: { side_note: true } },
  });
  for (const list of ["/staff", "/staff/cases", `/staff/search?q=hana@example.jp`])
    expect([list, (await show(list)).includes(note)]).toEqual([list, false]);
  expect(await db.$count(sideNotes, eq(sideNotes.caseId, caseId))).toBe(1);
});
