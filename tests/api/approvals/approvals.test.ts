import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { approvalsOf, giverOf, linksOf } from "#api/approvals/approvals.ts";
import { linkPath, makeLink, revokeLink } from "#api/approvals/links.ts";
import { type Given, recordOnPaper, recordTranslation, withdrawConsent, yearsAfter } from "#api/approvals/record.ts";
import { publishText } from "#api/content/publish.ts";
import { saveEntry } from "#api/content/save.ts";
import { PageTime } from "#api/pages/page-time.ts";
import { textsIn } from "#api/published/published.ts";
import { loadPublished } from "#api/published/store.ts";
import { dayAfter, dayOf, instantOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { Invalid, Refused } from "#db/errors.ts";
import { previewLinks } from "#db/schema/approvals.ts";
import { deliveries } from "#db/schema/mail.ts";
import type { Locale } from "#db/terms/locale.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { words } from "../../site/html.ts";
import { added, textOf, typed } from "../content/typed.ts";
import { everything, get, type Member, member, postForm } from "../requests.ts";

let fundraiser: Member;
let coordinator: Member;
beforeAll(async () => {
  fundraiser = await member("fundraiser");
  coordinator = await member("coordinator");
});

const today = dayOf(new Date());
const given: Given = {
  reference: "同意書 12",
  givenBy: "灰谷ことり",
  givenOn: today,
  until: dayAfter(today, 400),
  channels: ["site"],
};
const inAllLanguages = {
  ...{ "ja.words": "夜に、やっと眠れました。", "ja.from": "小学生の母親" },
  ...{ "en.words": "At last I slept.", "en.from": "A mother" },
};

/** A voice in two languages, published as far as that goes without a consent. */
async function voice(words = inAllLanguages): Promise<string> {
  const id = await added(fundraiser, "voice", words);
  for (const locale of ["ja", "en"] as const)
    await publishText({ staff: fundraiser, kind: "voice", id, locale }, { no: 1, version: 1 });
  return id;
}

const at = (contentId: string, revisionNo = 1, locale: Locale = "ja") =>
  ({ kind: "voice", contentId, locale, revisionNo }) as const;

/** What a page shows of this voice in a language at a moment. */
async function shown(id: string, locale: Locale = "ja", moment = new Date()): Promise<string | undefined> {
  await loadPublished();
  return textsIn("voice", locale, new PageTime(moment)).find((text) => text.id === id)?.body.words;
}

async function changeTo(id: string, words: string): Promise<void> {
  await saveEntry(fundraiser, "voice", id, await typed(fundraiser, "voice", id, { "ja.words": words }));
  const { no, version } = await textOf(fundraiser, "voice", id);
  await publishText({ staff: fundraiser, kind: "voice", id, locale: "ja" }, { no, version });
}

describe("a consent on paper", () => {
  test("lets exactly the text that it is for appear, in that language, to the end of its last day in Tokyo", async () => {
    const id = await voice();
    expect(await shown(id)).toBeUndefined();
    await recordOnPaper(fundraiser, at(id), given);
    expect([await shown(id), await shown(id, "en")]).toEqual(["夜に、やっと眠れました。", undefined]);
    const end = instantOf(dayAfter(given.until));
    expect(await shown(id, "ja", new Date(end.getTime() - 1))).toBe("夜に、やっと眠れました。");
    expect(await shown(id, "ja", end)).toBeUndefined();
  });

  test("keeps a changed text waiting while the approved one stays", async () => {
    const id = await voice();
    await recordOnPaper(fundraiser, at(id), given);
    await changeTo(id, "夜に眠れました。");
    expect(await shown(id)).toBe("夜に、やっと眠れました。");
    expect((await textOf(fundraiser, "voice", id)).waits?.no).toBe(2);
    await recordOnPaper(fundraiser, at(id, 2), given);
    expect(await shown(id)).toBe("夜に眠れました。");
  });

  test("is replaced by a newer one, also by a shorter one", async () => {
    const id = await voice();
    await recordOnPaper(fundraiser, at(id), given);
    await recordOnPaper(fundraiser, at(id), { ...given, until: dayAfter(today, 10) }, new Date(Date.now() + 1000));
    expect(await shown(id)).toBe("夜に、やっと眠れました。");
    expect(await shown(id, "ja", instantOf(dayAfter(today, 11)))).toBeUndefined();
  });

  test("taken back, it is gone at once, in every language", async () => {
    const id = await voice();
    await recordOnPaper(fundraiser, at(id), given);
    await recordTranslation(fundraiser, at(id, 1, "en"), { locale: "ja", revisionNo: 1 });
    expect([await shown(id), await shown(id, "en")]).toEqual(["夜に、やっと眠れました。", "At last I slept."]);
    await withdrawConsent(fundraiser, "voice", id);
    expect([await shown(id), await shown(id, "en")]).toEqual([undefined, undefined]);
    await expect(withdrawConsent(fundraiser, "voice", id)).rejects.toThrow(Refused);
  });

  test.each([
    [{ givenOn: dayAfter(today) }, "given_on"],
    [{ until: dayAfter(today, -1) }, "until"],
    [{ until: dayAfter(today, 3700) }, "until"],
  ])("with %o is refused", async (wrong, field) => {
    const id = await voice();
    const refused = recordOnPaper(fundraiser, at(id), { ...given, ...wrong });
    await expect(refused).rejects.toMatchObject({ errors: { [field]: expect.any(String) } });
    await expect(refused).rejects.toThrow(Invalid);
  });

  test("keeps the name of who gave it sealed", async () => {
    const id = await voice();
    await recordOnPaper(fundraiser, at(id), given);
    expect((await approvalsOf(fundraiser, "voice", id)).map(giverOf)).toEqual(["灰谷ことり"]);
    expect(await everything()).not.toContain("灰谷ことり");
  });

  test("is for those who keep the kind", async () => {
    const id = await voice();
    await expect(recordOnPaper(coordinator, at(id), given)).rejects.toThrow();
    await expect(withdrawConsent(coordinator, "voice", id)).rejects.toThrow();
    await expect(makeLink(coordinator, at(id), "look")).rejects.toThrow();
    await expect(approvalsOf(coordinator, "voice", id)).rejects.toThrow();
    await expect(linksOf(coordinator, "voice", id, "ja")).rejects.toThrow();
  });
});

describe("a translation", () => {
  test("follows the consent to what it translates, also when that is renewed", async () => {
    const id = await voice();
    await recordOnPaper(fundraiser, at(id), { ...given, until: dayAfter(today, 10) });
    await recordTranslation(fundraiser, at(id, 1, "en"), { locale: "ja", revisionNo: 1 });
    const later = instantOf(dayAfter(today, 11));
    expect([await shown(id, "en"), await shown(id, "en", later)]).toEqual(["At last I slept.", undefined]);
    await recordOnPaper(fundraiser, at(id), given, new Date(Date.now() + 1000));
    expect(await shown(id, "en", later)).toBe("At last I slept.");
  });

  test("has none where the other text has none, or only shares another's", async () => {
    const id = await voice();
    await expect(recordTranslation(fundraiser, at(id, 1, "en"), { locale: "ja", revisionNo: 1 })).rejects.toThrow(
      Refused,
    );
    await recordOnPaper(fundraiser, at(id), given);
    await recordTranslation(fundraiser, at(id, 1, "en"), { locale: "ja", revisionNo: 1 });
    await expect(recordTranslation(fundraiser, at(id, 1, "ja"), { locale: "en", revisionNo: 1 })).rejects.toThrow(
      Refused,
    );
  });
});

describe("a link", () => {
  const yes = { years: "1", channels: ["site", "print"], name: "灰谷つばめ" };

  test("shows its revision to whoever has it: not stored, not listed, without a cookie; reading changes nothing", async () => {
    const id = await voice();
    const path = linkPath(await makeLink(fundraiser, at(id), "approve"));
    const before = await everything();
    for (const method of ["GET", "HEAD", "GET"]) {
      const answer = await get(path, { method } as never);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("x-robots-tag")).toContain("noindex");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    const html = await (await get(path)).text();
    for (const words of ["夜に、やっと眠れました。", wordsIn("ja").preview.banner, 'content="noindex, nofollow"'])
      expect(html).toContain(words);
    expect(html).not.toContain('rel="canonical"');
    expect(await everything()).toBe(before);
    // A newer revision is another link's.
    await changeTo(id, "変わった声");
    expect(await (await get(path)).text()).toContain("夜に、やっと眠れました。");
  });

  test("is in the language of its text", async () => {
    const id = await voice();
    const html = await (await get(linkPath(await makeLink(fundraiser, at(id, 1, "en"), "look")))).text();
    expect(html).toContain('<html lang="en"');
    expect(html).toContain(wordsIn("en").preview.banner);
    expect(html).toContain("At last I slept.");
  });

  test("approves exactly what it shows; the name is sealed, and staff get a mail without a word of it", async () => {
    const id = await voice();
    const linkId = await makeLink(fundraiser, at(id), "approve");
    const path = linkPath(linkId);
    await changeTo(id, "あとから変えた声");
    const answer = await postForm(`${path}/approval`, yes);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, path]);
    expect(await shown(id)).toBeUndefined(); // the text that waits is another one
    const html = await (await get(path)).text();
    expect(words(html)).toContain(wordsIn("ja").preview.approvedTitle);
    const [row] = await approvalsOf(fundraiser, "voice", id);
    expect(row).toMatchObject({
      revisionNo: 1,
      locale: "ja",
      until: yearsAfter(today, 1),
      channels: ["site", "print"],
    });
    expect(row && giverOf(row)).toBe("灰谷つばめ");
    expect(await everything()).not.toContain("灰谷つばめ");
    expect(await db.$count(deliveries, eq(deliveries.kind, "approval_answer"))).toBe(1);
  });

  test("pressed twice is one consent that holds, and appears at once", async () => {
    const id = await voice();
    const path = linkPath(await makeLink(fundraiser, at(id), "approve"));
    await Promise.all([postForm(`${path}/approval`, yes), postForm(`${path}/approval`, yes)]);
    const rows = await approvalsOf(fundraiser, "voice", id);
    expect(rows.filter(({ withdrawnAt }) => withdrawnAt === null)).toHaveLength(1);
    expect(await shown(id)).toBe("夜に、やっと眠れました。");
  });

  test("with 直してほしい takes back what was approved by it; the words are sealed, and only keepers read them", async () => {
    const id = await voice();
    const path = linkPath(await makeLink(fundraiser, at(id), "approve"));
    await postForm(`${path}/approval`, yes);
    expect(await shown(id)).toBe("夜に、やっと眠れました。");
    await postForm(`${path}/change`, { words: "鳴子の名前を消してください。" });
    expect(await shown(id)).toBeUndefined();
    expect(await everything()).not.toContain("鳴子");
    expect((await linksOf(fundraiser, "voice", id, "ja")).map(({ answer, words }) => [answer, words])).toEqual([
      ["change", "鳴子の名前を消してください。"],
    ]);
    expect(await (await get(path)).text()).not.toContain("鳴子");
    await postForm(`${path}/approval`, yes);
    expect(await shown(id)).toBe("夜に、やっと眠れました。");
  });

  test("keeps what was typed when something is missing", async () => {
    const id = await voice();
    const path = linkPath(await makeLink(fundraiser, at(id), "approve"));
    const answer = await postForm(`${path}/approval`, {
      channels: "print",
      name: "灰谷つぐみ",
      years: "day",
      day: "2026-02-30",
    });
    const html = await answer.text();
    expect(answer.status).toBe(422);
    const { errors } = wordsIn("ja").preview;
    for (const words of [errors.site, 'value="灰谷つぐみ"', "夜に、やっと眠れました。"]) expect(html).toContain(words);
    expect(await approvalsOf(fundraiser, "voice", id)).toEqual([]);
  });

  test("that is wrong, over, revoked, or another purpose's opens nothing and says whom to ask", async () => {
    const id = await voice();
    const linkId = await makeLink(fundraiser, at(id), "approve");
    const over = await makeLink(fundraiser, at(id), "approve", new Date(Date.now() - 15 * 86_400_000));
    const revoked = await makeLink(fundraiser, at(id), "approve");
    await revokeLink(fundraiser, { kind: "voice", contentId: id }, revoked);
    const paths = [
      `${linkPath(linkId).slice(0, -1)}x`,
      "/preview/nothing",
      linkPath(over),
      linkPath(revoked),
      `/preview/${tokenForId("receipt", linkId)}`,
    ];
    for (const path of paths) {
      const answer = await get(path);
      const html = await answer.text();
      expect([path, answer.status]).toEqual([path, 404]);
      expect(html).toContain(wordsIn("ja").preview.goneText);
      expect(html).not.toContain("やっと眠れました");
      expect((await postForm(`${path}/approval`, yes)).status).toBe(404);
      expect((await postForm(`${path}/change`, { words: "x" })).status).toBe(404);
    }
    expect(await approvalsOf(fundraiser, "voice", id)).toEqual([]);
  });

  test("that only shows asks nothing and takes no answer", async () => {
    const id = await voice();
    const path = linkPath(await makeLink(fundraiser, at(id), "look"));
    expect(await (await get(path)).text()).not.toContain("<textarea");
    expect((await postForm(`${path}/approval`, yes)).status).toBe(404);
  });

  test("of an entry that was put away opens nothing", async () => {
    const id = await voice();
    const path = linkPath(await makeLink(fundraiser, at(id), "look"));
    await db.execute(sql`update content set archived_at = now() where id = ${id}`);
    expect((await get(path)).status).toBe(404);
    expect(await db.$count(previewLinks, eq(previewLinks.contentId, id))).toBe(1);
  });
});

test("a year after 29 February is the 28th", () => {
  expect([yearsAfter("2028-02-29", 1), yearsAfter("2028-02-29", 4), yearsAfter("2026-11-28", 3)]).toEqual([
    "2029-02-28",
    "2032-02-29",
    "2029-11-28",
  ]);
});
