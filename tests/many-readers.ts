/** Very many readers, and issues to them, for the bench and the drill of newsletters: made in bulk, sealed as the product seals them. */

import { eq, sql } from "drizzle-orm";
import { db, notify } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { consentTexts, lists, newsletters, subscribers, subscriptions } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import { newDataKey, seal } from "#db/vault/vault.ts";
import { addressIndex } from "#emails/addresses.ts";

/** A letter as an organisation writes it once a month: some 1,500 letters, with headings, a list, a table and links. */
export const body = Array.from(
  { length: 8 },
  (_, n) => `## お知らせ ${n + 1}

長く入院している子どもの**学習**と、退院したあとの学校について、家族の話を聞く会を開きます。くわしくは [案内のページ](https://example.jp/events/${n}) をご覧ください。参加は無料です。途中からでも、カメラを切ったままでも、どうぞ。

- 日時：毎月第${n + 1}土曜日の午後
- 場所：オンライン
- 申し込み：前の日まで

| 内容 | 時間 |
| --- | --- |
| はじめに | 14:00 |
| 話し合い | 14:20 |
`,
).join("\n");

/** Makes so many confirmed readers of one list. Returns the list and an author for its issues. */
export async function makeReaders(count: number): Promise<{ listId: string; authorId: string }> {
  const [list] = await db.select().from(lists).where(eq(lists.slug, "news"));
  const authorId = newId();
  const listId = list?.id ?? "";
  await db.insert(staff).values({ id: authorId, name: "Bench", email: "bench@example.jp", role: "manager" });
  const consentTextId = newId();
  await db.insert(consentTexts).values({ id: consentTextId, body: "メールマガジンを受け取ります（計測）" });
  for (let done = 0; done < count; done += 1000) {
    const rows = Array.from({ length: Math.min(1000, count - done) }, (_, n) => {
      const [id, email] = [newId(), `reader${done + n}@example.jp`];
      const { key, wrapped } = newDataKey("subscribers.wrapped_key", id);
      const sealed = seal(key, email, "subscribers.email", id);
      return { id, wrappedKey: wrapped, email: sealed, emailIndex: addressIndex(email) };
    });
    await db.insert(subscribers).values(rows);
    await db.insert(subscriptions).values(
      rows.map(({ id }) => ({
        ...{ subscriberId: id, listId, consentTextId, state: "confirmed" as const, form: "/newsletter" },
        ...{ expiresAt: new Date(), confirmedAt: new Date() },
      })),
    );
  }
  await db.execute(sql`analyze subscribers, subscriptions`).catch(() => {}); // the owner's right
  return { listId, authorId };
}

/** A draft to that list. */
export async function makeDraft(of: { listId: string; authorId: string }): Promise<string> {
  const id = newId();
  await db.insert(newsletters).values({ ...of, id, slug: `draft-${id}`, subject: "秋のたより", body });
  return id;
}

/** Queues an issue to the first `count` readers, in one statement as the product does, and wakes the senders. Returns the statement's seconds. */
export async function sendIssue(of: { listId: string; authorId: string }, count: number): Promise<number> {
  const id = newId();
  const issue = {
    ...of,
    id,
    slug: `bench-${id}`,
    subject: "秋のたより：講演会のお知らせ",
    body,
    state: "sending" as const,
  };
  await db.insert(newsletters).values({ ...issue, sentAt: new Date(), audience: count });
  const since = performance.now();
  await db.execute(sql`
    insert into deliveries (id, kind, lane, message_id, subscriber_id, newsletter_id)
    select id, 'newsletter', 'bulk', '<' || id || '@example.jp>', subscriber_id, ${issue.id}
    from (select uuidv7() as id, subscriber_id from subscriptions where list_id = ${of.listId} limit ${count}) audience`);
  const seconds = (performance.now() - since) / 1000;
  await notify("deliveries");
  return seconds;
}
