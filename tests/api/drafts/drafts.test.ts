/** Drafts: whatever becomes of a form, what somebody typed into it is there again. */

import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign, unassign } from "#api/cases/assign.ts";
import { close } from "#api/cases/close.ts";
import { draftsOfPage } from "#api/drafts/drafts.ts";
import { saveDraft } from "#api/drafts/save.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { deleteExpired } from "#api/privacy/retention.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { entries } from "#db/schema/cases.ts";
import { drafts, formKeys } from "#db/schema/drafts.ts";
import { staff, staffTwoFactors } from "#db/schema/staff.ts";
import { elements } from "../../site/html.ts";
import {
  cookiesOf,
  everything,
  freshCode,
  get,
  type Member,
  member,
  password,
  postForm,
  receive,
  refusedPage,
  signIn,
} from "../requests.ts";

const canary = "カナリヤの話";
const entry = {
  happened_at: "2026-11-20T10:00",
  channel: "visit",
  from_party: "school",
  who: "担任の先生",
  to_party: "staff",
  whom: "わたし",
  what: canary,
};

let coordinator: Member;
let cookie = "";
beforeAll(async () => {
  coordinator = await member("coordinator");
  cookie = await signIn(coordinator);
});

const pageOf = (id: string) => `/staff/cases/${id}`;
const show = async (id: string, as = cookie) => (await get(pageOf(id), { cookie: as })).text();
const draftsIn = (id: string) => db.$count(drafts, eq(drafts.caseId, id));
const formIn = (html: string, action: string) =>
  (html.match(/<form\b.*?<\/form>/gsu) ?? []).find((form) => elements(form, "form")[0]?.["action"] === action) ?? "";

describe("a refused form", () => {
  test("a reply to a case that a colleague closed meanwhile stands on its page to copy, and in the box once it is open again", async () => {
    const { caseId } = await receive();
    await close(await member("manager"), caseId, { reason: "settled", version: 1 });
    const answer = await postForm(`${pageOf(caseId)}/replies`, { reply: canary, latest: "" }, { cookie });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, pageOf(caseId)]);
    for (const html of [await refusedPage(answer, cookie), await show(caseId)]) {
      expect(html).toContain("先に再開してください");
      expect(html).toMatch(new RegExp(`<textarea[^>]*readonly[^>]*>${canary}</textarea>`, "u"));
    }
    await postForm(`${pageOf(caseId)}/reopen`, {}, { cookie });
    expect(formIn(await show(caseId), `${pageOf(caseId)}/replies`)).toContain(`${canary}</textarea>`);
  });

  test("an entry of a peer whom the case was taken from is hers to copy, under the page's address; the case stays hidden", async () => {
    const peer = await member("peer");
    const { caseId } = await receive({ message: "家族のことば" });
    await assign(coordinator, caseId, { staff_id: peer.id });
    const theirs = await signIn(peer);
    await unassign(coordinator, caseId, peer.id);
    const answer = await postForm(`${pageOf(caseId)}/entries`, entry, { cookie: theirs });
    expect(answer.headers.get("location")).toBe(pageOf(caseId));
    const page = await get(pageOf(caseId), { cookie: theirs, headers: { accept: "text/html" } });
    const html = await page.text();
    expect(page.status).toBe(404);
    for (const typed of [canary, "担任の先生", "わたし", "2026-11-20 10:00", "訪問"]) expect(html).toContain(typed);
    expect(html).not.toContain("家族のことば");
    expect(await show(caseId, await signIn(await member("peer")))).not.toContain(canary);
  });

  test("shows every field as it was typed, also those that were right", async () => {
    const { caseId } = await receive();
    const answer = await postForm(`${pageOf(caseId)}/entries`, { ...entry, happened_at: "" }, { cookie });
    const form = formIn((await refusedPage(answer, cookie)) ?? "", `${pageOf(caseId)}/entries`);
    for (const typed of [`${canary}</textarea>`, 'value="担任の先生"', 'value="わたし"']) expect(form).toContain(typed);
    const chosen = elements(form, "option").filter((tag) => "selected" in tag);
    expect(chosen.map(({ value }) => value)).toEqual(expect.arrayContaining(["visit", "school", "staff"]));
    expect(form).toContain("に書いた文章が入っています");
  });

  test("of a family that was erased is shown once, in the answer, and kept nowhere", async () => {
    const { caseId, reference } = await receive();
    await saveDraft(coordinator.id, draftOf(caseId, "前の下書き"));
    await postForm(`${pageOf(caseId)}/entries`, { ...entry, key: "erased" }, { cookie });
    await eraseFamily(reference);
    expect(await draftsIn(caseId)).toBe(0);
    expect(await db.$count(formKeys, eq(formKeys.caseId, caseId))).toBe(0);
    const answer = await postForm(`${pageOf(caseId)}/entries`, entry, { cookie });
    const html = await answer.text();
    expect(answer.status).toBe(409);
    for (const typed of [canary, "担任の先生", "消去されている"]) expect(html).toContain(typed);
    expect(await draftsIn(caseId)).toBe(0);
    expect(await show(caseId)).not.toContain(canary);
  });

  test("sent where one's role may not go is refused with its words, and counts as forbidden", async () => {
    const { caseId } = await receive();
    const analyst = await signIn(await member("analyst"));
    const answer = await postForm(`${pageOf(caseId)}/entries`, entry, { cookie: analyst });
    expect([answer.status, (await answer.text()).includes(canary)]).toEqual([403, true]);
  });

  test("is a problem for a program, which keeps its own words", async () => {
    const { caseId } = await receive();
    const options = { cookie, headers: { accept: "application/json" } };
    const answer = await postForm(`${pageOf(caseId)}/entries`, { ...entry, channel: "fax" }, options);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([422, "application/problem+json"]);
    expect(await draftsIn(caseId)).toBe(0);
  });

  describe("of a button says why", () => {
    const refuse = async () => {
      const { caseId } = await receive();
      await postForm(`${pageOf(caseId)}/closures`, { version: "1", reason: "" }, { cookie });
      const at = (minutes: number) =>
        draftsOfPage(coordinator.id, `${pageOf(caseId)}/close`, new Date(Date.now() + minutes * 60_000));
      return { caseId, at };
    };

    test("for three minutes", async () => {
      const { at } = await refuse();
      expect([(await at(2)).length, (await at(4)).length]).toEqual([1, 0]);
    });

    test("and no longer once a form of that page is stored, from another showing too", async () => {
      const { caseId, at } = await refuse();
      const closed = await postForm(`${pageOf(caseId)}/closures`, { version: "1", reason: "settled" }, { cookie });
      expect([closed.status, (await at(1)).length]).toEqual([303, 0]);
    });
  });
});

const draftOf = (caseId: string, what: string) => ({
  form: `${pageOf(caseId)}/entries`,
  page: pageOf(caseId),
  values: { what },
  errors: {},
});

describe("a draft", () => {
  test("is sealed, seen by its writer alone, gone when the form is stored", async () => {
    const { caseId } = await receive();
    const form = `${pageOf(caseId)}/entries`;
    const typing = { ...entry, draft_form: form, draft_page: pageOf(caseId), draft_key: "sealed" };
    expect((await postForm("/staff/drafts", typing, { cookie })).status).toBe(204);
    expect(await everything()).not.toContain(Buffer.from(canary).toString("hex"));
    expect(await show(caseId)).toContain(`${canary}</textarea>`);
    expect(await show(caseId, await signIn(await member("manager")))).not.toContain(canary);
    await postForm(form, { ...entry, key: "sealed" }, { cookie });
    expect(await draftsIn(caseId)).toBe(0);
  });

  test("of one window is not touched by what another window stores or types; the newest lies in the form", async () => {
    const { caseId } = await receive();
    const form = `${pageOf(caseId)}/entries`;
    const typed = (what: string, key: string) =>
      postForm("/staff/drafts", { what, draft_form: form, draft_page: pageOf(caseId), draft_key: key }, { cookie });
    for (const [what, key] of [
      ["はじめの窓", "one"],
      ["つぎの", "two"],
      ["つぎの窓", "two"],
    ] as const)
      await typed(what, key);
    const html = await show(caseId);
    expect(formIn(html, form)).toContain("つぎの窓</textarea>");
    expect(html).toMatch(/<textarea[^>]*readonly[^>]*>はじめの窓</u);
    expect(await draftsIn(caseId)).toBe(2);
    await postForm(form, { ...entry, key: "two" }, { cookie });
    expect(formIn(await show(caseId), form)).toContain("はじめの窓</textarea>");
  });

  test("that arrives after its form was stored is not kept: the words would stand there twice", async () => {
    const { caseId } = await receive();
    const form = `${pageOf(caseId)}/entries`;
    await postForm(form, { ...entry, key: "typed" }, { cookie });
    const typing = { ...entry, draft_form: form, draft_page: pageOf(caseId), draft_key: "typed" };
    expect((await postForm("/staff/drafts", typing, { cookie })).status).toBe(204);
    expect(await draftsIn(caseId)).toBe(0);
  });

  test("can be dropped by its writer, with a button that is not the form's own", async () => {
    const { caseId } = await receive();
    await saveDraft(coordinator.id, draftOf(caseId, canary));
    const html = await show(caseId);
    const drop = elements(html, "form").find(({ action }) => action?.endsWith("/drop"));
    expect(elements(html, "button").map(({ form }) => form)).toContain(drop?.["id"]);
    const other = await signIn(await member("manager"));
    expect((await postForm(drop?.["action"] ?? "", {}, { cookie: other })).status).toBe(404);
    expect(await draftsIn(caseId)).toBe(1);
    const answer = await postForm(drop?.["action"] ?? "", {}, { cookie });
    expect([answer.headers.get("location"), await draftsIn(caseId)]).toEqual([pageOf(caseId), 0]);
  });

  test("about no case is under the person's own key; it is back in the form too", async () => {
    const writer = await member("fundraiser");
    const theirs = await signIn(writer);
    const answer = await postForm(
      "/staff/newsletters",
      { subject: "冬".repeat(201), body: "冬の催し" },
      { cookie: theirs },
    );
    expect(answer.headers.get("location")).toBe("/staff/newsletters/new");
    expect(await refusedPage(answer, theirs)).toContain("冬の催し</textarea>");
    const [row] = await db.select().from(drafts).where(eq(drafts.staffId, writer.id));
    expect([row?.caseId, row?.caseBody, row?.ownBody === null]).toEqual([null, null, false]);
  });

  test("is kept for 30 days", async () => {
    const { caseId } = await receive();
    await saveDraft(coordinator.id, draftOf(caseId, canary));
    await deleteExpired(new Date(Date.now() + 29 * 86_400_000));
    expect(await draftsIn(caseId)).toBe(1);
    await deleteExpired(new Date(Date.now() + 31 * 86_400_000));
    expect(await draftsIn(caseId)).toBe(0);
  });
});

describe("a form that is sent after its session ended", () => {
  const unsavedIn = (html: string) =>
    elements(html, "input")
      .find(({ name }) => name === "unsaved")
      ?.["value"]?.replaceAll("&quot;", '"')
      .replaceAll("&#34;", '"') ?? "";

  test("is shown at the sign-in, carried through a wrong password and a wrong code, and in its form afterwards", async () => {
    const who = await member("coordinator");
    const { caseId } = await receive();
    const headers = { referer: env.PUBLIC_ORIGIN + pageOf(caseId) };
    const lost = await postForm(`${pageOf(caseId)}/entries`, { ...entry, key: "late" }, { headers });
    let html = await lost.text();
    expect(lost.status).toBe(401);
    const next = pageOf(caseId);
    for (const typed of [canary, "担任の先生"]) expect(html).toContain(typed);
    const attempt = { email: who.email, password: "not the password at all", next, unsaved: unsavedIn(html) };
    html = await (await postForm("/staff/sign-in", attempt)).text();
    expect(html).toContain(canary);
    const first = await postForm("/staff/sign-in", { ...attempt, password, unsaved: unsavedIn(html) });
    const halfway = cookiesOf(first);
    const wrong = { code: "000000", next, unsaved: unsavedIn(await first.text()) };
    html = await (await postForm("/staff/sign-in/code", wrong, { cookie: halfway })).text();
    const right = { code: await freshCode(who), next, unsaved: unsavedIn(html) };
    const done = await postForm("/staff/sign-in/code", right, { cookie: halfway });
    expect(done.headers.get("location")).toBe(next);
    const form = formIn(await show(caseId, cookiesOf(done, halfway)), `${pageOf(caseId)}/entries`);
    for (const typed of [`${canary}</textarea>`, 'value="担任の先生"', 'value="わたし"']) expect(form).toContain(typed);
  });

  test("is never made of a button alone: signing in leads back, and says that it is still to be pressed, with what was chosen", async () => {
    const who = await member("coordinator");
    const { caseId } = await receive();
    const page = `${pageOf(caseId)}/close`;
    const pressed = { version: "1", reason: "settled", key: "button" };
    const lost = await postForm(`${pageOf(caseId)}/closures`, pressed, {
      headers: { referer: env.PUBLIC_ORIGIN + page },
    });
    const html = await lost.text();
    expect([lost.status, html.includes("まだ行われていません"), html.includes("まだ保存されていない文章")]).toEqual([
      401,
      true,
      false,
    ]);
    // Nothing was typed, so nothing typed is to be checked; the link leads to the form below.
    expect([html.includes("<h2>ご確認ください</h2>"), html.includes('href="#form"')]).toEqual([true, true]);
    expect(elements(html, "form").some(({ id }) => id === "form")).toBe(true);
    const attempt = { email: who.email, password, next: page, unsaved: unsavedIn(html) };
    const first = await postForm("/staff/sign-in", attempt);
    const halfway = cookiesOf(first);
    const right = { code: await freshCode(who), next: page, unsaved: unsavedIn(await first.text()) };
    const done = await postForm("/staff/sign-in/code", right, { cookie: halfway });
    expect(done.headers.get("location")).toBe(page);
    const [kept] = await draftsOfPage(who.id, page);
    expect([kept?.values["reason"], kept?.errors["form"]]).toEqual([
      "settled",
      expect.stringContaining("もう一度押して"),
    ]);
  });

  /** Somebody who registered and has not set up the authenticator app yet. */
  async function notEnrolled(): Promise<Member> {
    const who = await member("coordinator");
    await db.update(staff).set({ twoFactorEnabled: false }).where(eq(staff.id, who.id));
    await db.update(staffTwoFactors).set({ verified: false }).where(eq(staffTwoFactors.userId, who.id));
    return who;
  }
  const expectCarried = async (html: string, caseId: string, who: Member, halfway: string) => {
    for (const typed of [canary, "担任の先生"]) expect(html).toContain(typed);
    expect(html).toContain("1. アプリに読み取らせる");
    const next = pageOf(caseId);
    const wrong = await postForm(
      "/staff/two-factor",
      { code: "000000", next, unsaved: unsavedIn(html) },
      { cookie: halfway },
    );
    const right = { code: await freshCode(who), next, unsaved: unsavedIn(await wrong.text()) };
    const done = await postForm("/staff/two-factor", right, { cookie: halfway });
    expect([done.status, done.headers.get("location")]).toEqual([303, next]);
    const form = formIn(await show(caseId, cookiesOf(done, halfway)), `${next}/entries`);
    for (const typed of [`${canary}</textarea>`, 'value="担任の先生"']) expect(form).toContain(typed);
  };

  test("is carried through the set-up of the authenticator app, when the sign-in leads there", async () => {
    const who = await notEnrolled();
    const { caseId } = await receive();
    const headers = { referer: env.PUBLIC_ORIGIN + pageOf(caseId) };
    const lost = await (await postForm(`${pageOf(caseId)}/entries`, { ...entry, key: "enrol" }, { headers })).text();
    const attempt = { email: who.email, password, next: pageOf(caseId), unsaved: unsavedIn(lost) };
    const answer = await postForm("/staff/sign-in", attempt);
    expect(answer.status).toBe(200);
    await expectCarried(await answer.text(), caseId, who, cookiesOf(answer));
  });

  test("is carried through the set-up of the authenticator app, when it was sent before that", async () => {
    const who = await notEnrolled();
    const { caseId } = await receive();
    const session = cookiesOf(await postForm("/staff/sign-in", { email: who.email, password }));
    const headers = { referer: env.PUBLIC_ORIGIN + pageOf(caseId) };
    const answer = await postForm(
      `${pageOf(caseId)}/entries`,
      { ...entry, key: "early" },
      { cookie: session, headers },
    );
    expect(answer.status).toBe(401);
    expect(await db.$count(entries, eq(entries.caseId, caseId))).toBe(0);
    await expectCarried(await answer.text(), caseId, who, session);
  });
});
