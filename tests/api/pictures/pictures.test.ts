import { existsSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { eraseEntry } from "#api/approvals/erase-entry.ts";
import { recordOnPaper, withdrawConsent } from "#api/approvals/record.ts";
import { archiveEntry } from "#api/content/archive.ts";
import { readEntry } from "#api/content/entries.ts";
import { publishText, withdrawText } from "#api/content/publish.ts";
import { fileName } from "#api/pictures/files.ts";
import { chooseDrawing, describePicture, uploadPicture } from "#api/pictures/pictures.ts";
import { loadPublished } from "#api/published/store.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { Forbidden, Invalid, NotFound, Refused } from "#db/errors.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { refusingDatabase, whileDatabaseIsAt } from "../../database.ts";
import { added, type Fields, textOf } from "../content/typed.ts";
import { get, type Member, member, postForm, signIn } from "../requests.ts";

let manager: Member;
let fundraiser: Member;
let photo: Buffer;
beforeAll(async () => {
  manager = await member("manager");
  fundraiser = await member("fundraiser");
  photo = await sharp({ create: { width: 1200, height: 900, channels: 3, background: "#4477aa" } })
    .jpeg()
    .toBuffer();
});

const today = dayOf(new Date());
const alt = { ja: "机に向かう親子の後ろ姿" };
const versionOf = async (kind: ContentKind, id: string) => (await readEntry(manager, kind, id)).factsVersion;

async function withPicture(kind: "voice" | "video"): Promise<{ id: string; picture: string }> {
  const fields: Fields =
    kind === "voice"
      ? { "ja.words": "声", "ja.from": "母" }
      : {
          ...{ "facts.link": "https://video.example.jp/x", "facts.minutes": "3" },
          ...{ "ja.title": "題", "ja.site": "サイト", "ja.text": "内容" },
        };
  const id = await added(manager, kind, fields);
  const factsVersion = await versionOf(kind, id);
  const picture = await uploadPicture(manager, { kind, id, factsVersion }, { file: photo, alt, focalPoint: "top" });
  return { id, picture };
}

async function publish(kind: ContentKind, id: string): Promise<void> {
  const { no, version } = await textOf(manager, kind, id);
  await publishText({ staff: manager, kind, id, locale: "ja" }, { no, version });
}

const consent = (id: string, days = 100) =>
  recordOnPaper(
    manager,
    { kind: "voice", contentId: id, locale: "ja", revisionNo: 1 },
    {
      reference: "1",
      givenBy: "見本",
      givenOn: today,
      until: dayAfter(today, days),
      channels: ["site"],
      withPicture: true,
    },
  );

/** Addresses of all files of a picture. */
async function addressesOf(picture: string): Promise<string[]> {
  const rows = await db.execute<{ sha256: string; variant: string; type: "image/webp" | "image/jpeg" }>(
    sql`select sha256, variant, type from picture_files where picture_id = ${picture}::uuid`,
  );
  return rows.map((row) => `/pictures/${picture}/${fileName(row)}`);
}

const statuses = async (addresses: string[]) => {
  await loadPublished();
  return [...new Set(await Promise.all(addresses.map(async (address) => (await get(address)).status)))];
};

describe("a picture that hangs on a consent", () => {
  test("is for nobody before it, for all while it lasts, kept for a minute at most, and gone when it is taken back", async () => {
    const { id, picture } = await withPicture("voice");
    const addresses = await addressesOf(picture);
    expect(addresses).toHaveLength(5);
    expect(await statuses(addresses)).toEqual([410]);
    await publish("voice", id);
    expect(await statuses(addresses)).toEqual([410]);
    await consent(id);
    expect(await statuses(addresses)).toEqual([200]);
    const answer = await get(addresses[0] ?? "");
    expect(answer.headers.get("cache-control")).toMatch(/^public, max-age=(?:[1-5]?\d|60)$/u);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    const html = await (await get("/stories")).text();
    expect(html).toContain('alt="机に向かう親子の後ろ姿"');
    expect(html).toContain(addresses.find((address) => address.endsWith("small.jpg")));
    await withdrawConsent(manager, "voice", id);
    expect(await statuses(addresses)).toEqual([410]);
    expect((await get(addresses[0] ?? "")).headers.get("cache-control")).toBe("no-store");
    expect(existsSync(join(env.DATA_DIR, "picture-files", picture))).toBe(false);
  });

  test("is gone when its last day is over, also while the database is away", async () => {
    const { id, picture } = await withPicture("voice");
    await publish("voice", id);
    await consent(id);
    const addresses = await addressesOf(picture);
    expect(await statuses(addresses)).toEqual([200]);
    await db.execute(sql`update approvals set until = ${dayAfter(today, -1)}::date where content_id = ${id}`);
    expect(await statuses(addresses)).toEqual([410]);
  });

  test("is gone with the text that shows it", async () => {
    const { id, picture } = await withPicture("voice");
    await publish("voice", id);
    await consent(id);
    const { version } = await textOf(manager, "voice", id);
    await withdrawText({ staff: manager, kind: "voice", id, locale: "ja" }, version);
    expect(await statuses(await addressesOf(picture))).toEqual([410]);
  });

  test("is erased with its entry: its address stays 410", async () => {
    const { id, picture } = await withPicture("voice");
    const addresses = await addressesOf(picture);
    await archiveEntry(manager, "voice", id);
    await eraseEntry(manager, "voice", id);
    expect(await addressesOf(picture)).toEqual([]);
    expect(await statuses(addresses)).toEqual([410]);
  });
});

test("what never was answers 404, also beside a picture that is there", async () => {
  const { picture } = await withPicture("video");
  const paths = ["/pictures/nothing/x.webp", `/pictures/${crypto.randomUUID()}/123456789abc-small.webp`];
  for (const path of paths) expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect([404, 410]).toContain((await get(`/pictures/${picture}/../../etc/passwd`)).status);
});

test("staff who keep the kind see it before it is public, others do not", async () => {
  const { id, picture } = await withPicture("voice");
  const file = (await addressesOf(picture))[0]?.split("/").at(-1) ?? "";
  const path = `/staff/content/voice/${id}/picture/${picture}/${file}`;
  const answer = await get(path, { cookie: await signIn(fundraiser) });
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect((await get(path, { cookie: await signIn(await member("coordinator")) })).status).toBe(403);
  const html = await (await get(`/staff/content/voice/${id}`, { cookie: await signIn(fundraiser) })).text();
  expect(html).toContain(path.replace(file, ""));
});

describe("changing it", () => {
  test("another takes its place: the former's files are deleted", async () => {
    const { id, picture } = await withPicture("voice");
    const addresses = await addressesOf(picture);
    const at = { kind: "voice", id, factsVersion: await versionOf("voice", id) } as const;
    await uploadPicture(manager, at, { file: photo, alt, focalPoint: "centre" });
    expect(await addressesOf(picture)).toEqual([]);
    expect(await statuses(addresses)).toEqual([410]);
  });

  test("two people: the second is told, and nothing of the first is lost", async () => {
    const { id, picture } = await withPicture("voice");
    const factsVersion = await versionOf("voice", id);
    await chooseDrawing(fundraiser, { kind: "voice", id, factsVersion }, "peer");
    await expect(chooseDrawing(manager, { kind: "voice", id, factsVersion }, "")).rejects.toThrow(Refused);
    expect((await readEntry(manager, "voice", id)).facts["picture"]).toBe("drawing:peer");
    const other = await withPicture("voice");
    const at = { kind: "voice", id: other.id } as const;
    const change = { id: other.picture, version: 1, alt, focalPoint: "left" } as const;
    await describePicture(manager, at, change);
    await expect(describePicture(fundraiser, at, { ...change, alt: { ja: "別のことば" } })).rejects.toThrow(Refused);
    await expect(describePicture(manager, at, { ...change, id: picture, version: 1 })).rejects.toThrow(NotFound);
  });

  test("without words for those who do not see it, or of a kind without pictures, is refused; so is another role", async () => {
    const id = await added(manager, "voice", { "ja.words": "声" });
    const at = { kind: "voice", id, factsVersion: 1 } as const;
    await expect(uploadPicture(manager, at, { file: photo, alt: {}, focalPoint: "top" })).rejects.toThrow(Invalid);
    const faq = await added(manager, "faq", { "ja.question": "問い" });
    const ofFaq = { kind: "faq", id: faq, factsVersion: 1 } as const;
    await expect(uploadPicture(manager, ofFaq, { file: photo, alt, focalPoint: "top" })).rejects.toThrow(NotFound);
    const coordinator = await member("coordinator");
    await expect(uploadPicture(coordinator, at, { file: photo, alt, focalPoint: "top" })).rejects.toThrow(Forbidden);
  });

  test("a language without alternative words is not published", async () => {
    const { id } = await withPicture("video");
    const at = { kind: "video" as const, id };
    await describePicture(manager, at, {
      ...{ id: (await readEntry(manager, "video", id)).facts["picture"] ?? "", version: 1 },
      ...{ alt: { en: "Words" }, focalPoint: "top" },
    });
    await expect(publish("video", id)).rejects.toThrow(Invalid);
  });
});

test("by the form: a file that is no picture comes back with a sentence, and what was typed", async () => {
  const cookie = await signIn(fundraiser);
  const id = await added(fundraiser, "voice", { "ja.words": "声" });
  const form = { facts_version: "1", "alt.ja": "後ろ姿", file: new File(["ただの文"], "a.jpg") };
  const refused = await postForm(`/staff/content/voice/${id}/picture`, form, { cookie });
  const html = await (
    await get(refused.headers.get("location") ?? "", { cookie, headers: { accept: "text/html" } })
  ).text();
  for (const words of ["画像として開けませんでした", 'value="後ろ姿"']) expect(html).toContain(words);
  const sent = { ...form, file: new File([new Uint8Array(photo)], "a.jpg") };
  const stored = await postForm(`/staff/content/voice/${id}/picture`, sent, { cookie });
  expect(stored.headers.get("location")).toBe(`/staff/content/voice/${id}?done=picture_uploaded`);
});

// Last: signing in keeps the connection that the database away takes.
test("one that needs no consent is kept for long under its hash, and given out while the database is away", async () => {
  const { id, picture } = await withPicture("video");
  await publish("video", id);
  const addresses = await addressesOf(picture);
  expect(await statuses(addresses)).toEqual([200]);
  const [first = ""] = addresses;
  expect((await get(first)).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(existsSync(join(env.DATA_DIR, "picture-files", picture))).toBe(true);
  const etag = (await get(first)).headers.get("etag") ?? "";
  expect((await get(first, { headers: { "if-none-match": etag } })).status).toBe(304);
  await whileDatabaseIsAt(refusingDatabase, async () => {
    expect((await get(first)).status).toBe(200);
  });
  const at = { kind: "video", id, factsVersion: await versionOf("video", id) } as const;
  await chooseDrawing(manager, at, "");
  await expect.poll(() => existsSync(join(env.DATA_DIR, "picture-files", picture))).toBe(false);
  expect(await statuses(addresses)).toEqual([410]);
});
