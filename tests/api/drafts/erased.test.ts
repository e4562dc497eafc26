/** Whoever is erased leaves nothing in what staff typed about them and did not send, before or afterwards. */

import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { eraseEntry } from "#api/approvals/erase-entry.ts";
import { archiveEntry } from "#api/content/archive.ts";
import { saveDraft } from "#api/drafts/save.ts";
import { db } from "#db/client.ts";
import { drafts } from "#db/schema/drafts.ts";
import { subscribers } from "#db/schema/mail.ts";
import { eraseReader, eraseReaderIn } from "#emails/lists/erase.ts";
import { deleteReaders, makeSubscriber } from "../../emails/fixtures.ts";
import { overtaken } from "../../locks.ts";
import { added } from "../content/typed.ts";
import { member, postForm, signIn } from "../requests.ts";

const fundraiser = await member("fundraiser");
const manager = await member("manager");
const cookie = await signIn(fundraiser);
const errors = { form: "いまはできません。" };
const why = { reason: "request", by: null, now: new Date() } as const;

/** Saves what somebody typed into these forms of a page. */
const type = (page: string, ...forms: string[]) =>
  Promise.all(forms.map((form) => saveDraft(fundraiser.id, { form, page, values: { note: "鳴子" }, errors })));

beforeEach(async () => {
  await deleteReaders();
  await db.delete(drafts);
});

describe("of a reader", () => {
  const pageOf = (id: string) => `/staff/newsletters/readers/${id}`;

  test("erasing takes the drafts of the page and of all below it, and those of nobody else", async () => {
    const [one, other] = [await makeSubscriber("one@example.jp"), await makeSubscriber("other@example.jp")];
    const page = pageOf(one.subscriberId);
    await type(page, page, `${page}/correct`);
    await type(`${page}/erase`, `${page}/erase`);
    await type("/staff/newsletters/readers", `${page}/stop`);
    await type(pageOf(other.subscriberId), `${pageOf(other.subscriberId)}/correct`);
    await eraseReader(one.subscriberId, why);
    expect((await db.select().from(drafts)).map((draft) => draft.page)).toEqual([pageOf(other.subscriberId)]);
  });

  test.each(["hanako@example.jp", "hanako@"])("a page that is still open keeps nothing of %s", async (email) => {
    const { subscriberId } = await makeSubscriber("hanako@exmaple.jp");
    await eraseReader(subscriberId, why);
    const answer = await postForm(`${pageOf(subscriberId)}/correct`, { email, key: email }, { cookie });
    expect([404, 422]).toContain(answer.status);
    expect(await db.$count(drafts)).toBe(0);
  });

  test("a draft that is saved at the same moment goes with them", async () => {
    const { subscriberId } = await makeSubscriber("hanako@example.jp");
    const page = pageOf(subscriberId);
    const outcome = await overtaken(
      (tx) => tx.select().from(subscribers).where(eq(subscribers.id, subscriberId)).for("update"),
      (tx) => eraseReaderIn(tx, subscriberId, why),
      () => saveDraft(fundraiser.id, { form: `${page}/correct`, page, values: { email: "typed@example.jp" }, errors }),
    );
    expect([outcome, await db.$count(drafts)]).toEqual(["erased", 0]);
  });
});

describe("of an entry", () => {
  test("erasing takes the drafts of its forms; what a page still open sends is shown once and kept nowhere", async () => {
    const id = await added(fundraiser, "voice", { "ja.words": "声", "ja.from": "母" });
    const page = `/staff/content/voice/${id}`;
    await type(page, page, `${page}/ja/schedule`);
    await type(`${page}/links`, `${page}/links`);
    await archiveEntry(fundraiser, "voice", id);
    await eraseEntry(manager, "voice", id);
    expect(await db.$count(drafts)).toBe(0);
    const answer = await postForm(page, { shown: "{}", "ja.words": "鳴子さんの声", key: "gone" }, { cookie });
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining("鳴子さんの声")]);
    expect(await db.$count(drafts)).toBe(0);
    const typing = { "ja.words": "鳴子", draft_form: page, draft_page: page, draft_key: "typing" };
    expect((await postForm("/staff/drafts", typing, { cookie })).status).toBe(409);
    expect(await db.$count(drafts)).toBe(0);
  });
});
