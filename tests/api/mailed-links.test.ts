/** GET and HEAD on every link that a mail holds change nothing in the database: scanners open them all, some of them often. */

import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { linkPath, makeLink } from "#api/approvals/links.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries, lists, newsletters, subscriptions } from "#db/schema/mail.ts";
import type { DeliveryKind } from "#db/terms/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import type { DeliverySubject } from "#emails/composers/composed.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch, laneOf } from "#emails/outbox/outbox.ts";
import { enqueueNow, makeConsultation, makeInvitation, makeStaff, makeSubscriber } from "../emails/fixtures.ts";
import { links, request } from "../emails/lists/readers.ts";
import { added } from "./content/typed.ts";
import { everything, get, postJson, receive, rowCounts } from "./requests.ts";

/** Every address of ours in one mail, its headers included. */
async function linksIn(kind: DeliveryKind, subject: DeliverySubject): Promise<string[]> {
  await db.delete(deliveries);
  await enqueueNow({ kind, ...subject });
  const [claimed] = await claimBatch(laneOf(kind), 1);
  const mail = claimed && (await compose(claimed));
  if (mail === undefined || typeof mail === "string") throw new Error(`no ${kind}: ${mail}`);
  const text = [mail.text, mail.html, ...Object.values(mail.headers ?? {})].join("\n");
  const found = text.replaceAll("&amp;", "&").match(new RegExp(`${env.PUBLIC_ORIGIN}[\\w/?=&%.~-]*`, "gu")) ?? [];
  return [...new Set(found)].map((url) => url.slice(env.PUBLIC_ORIGIN.length) || "/");
}

/** What is mailed to families, readers, people who are asked to agree, and new colleagues; by name. */
const mailed: Record<string, string[]> = {};

beforeAll(async () => {
  const staff = await makeStaff("fundraiser");
  const { leadId } = await makeConsultation("family@example.jp");
  mailed["receipt"] = await linksIn("receipt", { leadId });
  mailed["reply notice"] = await linksIn("reply_notice", { leadId });
  await postJson("/api/downloads", { email: "guide@example.jp", guide: "learning-in-hospital" });
  const [guide] = await db
    .select({ grantId: deliveries.grantId })
    .from(deliveries)
    .where(eq(deliveries.kind, "guide_link"));
  mailed["guide"] = await linksIn("guide_link", { grantId: guide?.grantId });
  mailed["guide"].push(...mailed["guide"].map((path) => path.replace("/d/", "/guides/received/")));
  await request(["news"], new Date());
  const asked = await links();
  mailed["confirmation"] = await linksIn("confirmation", { subscriberId: asked.subscriberId });
  const { subscriberId } = await makeSubscriber("reader@example.jp");
  const slug = `2026-11-20-${newId().slice(-8)}`;
  const [list] = await db.select().from(lists).where(eq(lists.slug, "news"));
  const issue = {
    id: newId(),
    listId: list?.id ?? "",
    slug,
    subject: "秋のたより",
    body: "こんにちは。",
    state: "sent",
  } as const;
  const published = {
    sentAt: new Date("2026-11-20T03:00:00Z"),
    isForWeb: true,
    webPublishedAt: new Date("2026-11-20T03:00:00Z"),
  };
  await db.insert(newsletters).values({ ...issue, ...published, authorId: staff.id });
  mailed["newsletter"] = await linksIn("newsletter", { newsletterId: issue.id, subscriberId });
  mailed["archive"] = [`/newsletter/${slug}`, "/newsletter", "/newsletter/feed.xml"];
  mailed["newsletter of before"] = [`/u/${tokenForId("unsubscribe", subscriberId)}`];
  mailed["invitation"] = await linksIn("invitation", { invitationId: await makeInvitation("new@example.jp") });
  const voice = await added(staff, "voice", { "ja.words": "鳴子さんの声" });
  mailed["preview"] = [
    linkPath(await makeLink(staff, { kind: "voice", contentId: voice, locale: "ja", revisionNo: 1 }, "approve")),
  ];
  mailed["return"] = [`/consultation/return?reference=${(await receive()).reference}`];
});

test("each kind of link is among them, so that what follows could fail", () => {
  const all = Object.values(mailed).flat();
  const starts = ["/newsletter/confirm/", "/newsletter/preferences/", "/u/", "/d/", "/staff/invitations/", "/preview/"];
  expect(starts.filter((start) => !all.some((path) => path.startsWith(start)))).toEqual([]);
  expect(mailed["reply notice"]?.some((path) => path.includes("/consultation/return"))).toBe(true);
  expect(mailed["newsletter"]?.filter((path) => path.startsWith("/u/"))).toHaveLength(1);
  expect(Object.keys(mailed).filter((name) => mailed[name]?.length === 0)).toEqual([]);
});

test("GET and HEAD, three times each, of a scanner under a browser's name, change no table", async () => {
  const states = await db.select().from(subscriptions);
  const [before, rows] = [await everything(), await rowCounts()];
  const headers = {
    accept: "text/html",
    "user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/146.0.0.0 Safari/537.36",
  };
  const answers: [string, number][] = [];
  for (const path of Object.values(mailed).flat())
    for (const method of ["GET", "HEAD", "GET", "HEAD", "GET", "HEAD"])
      answers.push([path, (await get(path, { method, headers })).status]);
  expect(answers.filter(([, status]) => status >= 400)).toEqual([]);
  expect(await rowCounts()).toEqual(rows);
  expect(await db.select().from(subscriptions)).toEqual(states);
  expect((await everything()) === before).toBe(true);
});
