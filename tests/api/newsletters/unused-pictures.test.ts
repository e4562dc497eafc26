/** Pictures that no issue shows any more are deleted after a day, and none that somebody may still show. */

import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { saveDraft } from "#api/drafts/save.ts";
import { jobs, runJob } from "#api/jobs.ts";
import { removeUnusedPictures } from "#api/newsletters/unused-pictures.ts";
import { readAudit } from "#db/audit-trail.ts";
import { db } from "#db/client.ts";
import { content, pictureFiles, pictures } from "#db/schema/content.ts";
import { drafts } from "#db/schema/drafts.ts";
import { deliveries, newsletters, newsletterTests } from "#db/schema/mail.ts";
import { correctWeb } from "#emails/newsletters/web.ts";
import { createNewsletter, duplicateNewsletter, saveNewsletter, sendTest } from "#emails/newsletters/write.ts";
import { get, type Member, member } from "../requests.ts";

const noon = new Date("2026-11-20T03:00:00Z");
const hoursLater = (hours: number) => new Date(noon.getTime() + hours * 3_600_000);

let writer: Member;
beforeAll(async () => {
  writer = await member("fundraiser");
});
beforeEach(async () => {
  await db.delete(drafts);
  await db.delete(newsletterTests);
  await db.delete(pictureFiles);
  await db.delete(pictures);
});

const address = (id: string) => `/pictures/${id}/abcdefabcdef-large.jpg`;
const show = (id: string) => `はじめ\n\n![湖](/pictures/${id})\n\nおわり`;
/** A picture that was uploaded for an issue. */
async function upload(needsConsent = false) {
  const id = crypto.randomUUID();
  await db.insert(pictures).values({ id, needsConsent, alt: { ja: "湖" }, uploadedAt: noon });
  const file = { variant: "large", type: "image/jpeg", width: 9, height: 9, sha256: "abcdefabcdef" } as const;
  await db.insert(pictureFiles).values({ pictureId: id, ...file, content: Buffer.from("jpeg") });
  return id;
}
const issueWith = (body: string) => createNewsletter(writer, { subject: "題", body });
const write = (id: string, body: string, version = 1) => saveNewsletter(writer, id, { subject: "題", body, version });
const isThere = async (id: string) => (await db.$count(pictureFiles, eq(pictureFiles.pictureId, id))) > 0;
/** As the job runs, each hour. */
async function runFor(from: number, to: number) {
  for (let hour = from; hour <= to; hour++) await removeUnusedPictures(hoursLater(hour));
}

test("a picture taken out of a text is there for a day more, and then gone for everybody", async () => {
  const picture = await upload();
  const issue = await issueWith(show(picture));
  await runFor(0, 3);
  await write(issue, "文だけ");
  await runFor(4, 27);
  expect([await isThere(picture), (await get(address(picture))).status]).toEqual([true, 200]);
  expect(await removeUnusedPictures(hoursLater(28))).toEqual({ pictures: 1 });
  expect((await get(address(picture))).status).toBe(410);
  expect(await readAudit(db, { noun: "picture", nounId: picture, action: "remove" })).toHaveLength(1);
  expect(await removeUnusedPictures(hoursLater(29))).toEqual({ pictures: 0 });
});

test("one that was put back within the day stays, and has a whole day the next time", async () => {
  const picture = await upload();
  const issue = await issueWith("文だけ");
  await runFor(0, 20);
  await write(issue, show(picture));
  await runFor(21, 50);
  await write(issue, "文だけ", 2);
  await runFor(51, 74);
  expect(await isThere(picture)).toBe(true);
  await runFor(75, 75);
  expect(await isThere(picture)).toBe(false);
});

describe("a picture stays that", () => {
  const days = async () => runFor(0, 30);

  test("a copy of the issue shows", async () => {
    const picture = await upload();
    const issue = await issueWith(show(picture));
    await duplicateNewsletter(writer, issue);
    await write(issue, "文だけ");
    await days();
    expect(await isThere(picture)).toBe(true);
  });

  test("a sent issue shows, and one that only its corrected copy on the web shows", async () => {
    const [mailed, corrected] = [await upload(), await upload()];
    const issue = await issueWith(show(mailed));
    await db.update(newsletters).set({ state: "sent", sentAt: noon }).where(eq(newsletters.id, issue));
    await correctWeb(writer, issue, { subject: "題", body: show(corrected), version: 1 });
    await days();
    expect([await isThere(mailed), await isThere(corrected)]).toEqual([true, true]);
  });

  test("somebody has written and not sent, as long as that is kept", async () => {
    const picture = await upload();
    const issue = await issueWith("文だけ");
    const page = `/staff/newsletters/${issue}`;
    await saveDraft(writer.id, { form: page, page, values: { body: show(picture) }, errors: {} }, { now: noon });
    await days();
    expect(await isThere(picture)).toBe(true);
    await runFor(30 * 24 + 1, 30 * 24 + 25);
    expect(await isThere(picture)).toBe(false);
  });

  test("a test mail shows that has yet to go out", async () => {
    const picture = await upload();
    const issue = await issueWith(show(picture));
    await sendTest(writer, issue);
    await write(issue, "文だけ");
    await days();
    expect(await isThere(picture)).toBe(true);
    await db.update(deliveries).set({ state: "accepted", finishedAt: noon }).where(eq(deliveries.newsletterId, issue));
    await runFor(31, 56);
    expect(await isThere(picture)).toBe(false);
  });

  test("belongs to an entry of the site, or hangs on a consent", async () => {
    const [ofEntry, ofStory] = [await upload(), await upload(true)];
    await db
      .update(content)
      .set({ facts: sql`${content.facts} || ${JSON.stringify({ picture: ofEntry })}::jsonb` })
      .where(eq(content.id, sql`(select id from content limit 1)`));
    await days();
    expect([await isThere(ofEntry), await isThere(ofStory)]).toEqual([true, true]);
    await db.update(content).set({ facts: sql`${content.facts} - 'picture'` });
  });
});

test("it is one of the jobs", async () => {
  expect(Object.keys(jobs)).toContain("remove_unused_pictures");
  expect(await runJob("remove_unused_pictures", noon)).toBe("done");
});
