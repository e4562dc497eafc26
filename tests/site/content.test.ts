import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { caseSchema, eventSchema, guideSchema, personSchema, voiceSchema } from "#site/content/schemas.ts";

const folder = new URL("../../site/content/guides/", import.meta.url);

describe("consent", () => {
  const told = {
    title: "週に2時間から",
    who: "中学生",
    asked: "起きられません。",
    consent: "同意-12",
    expires: "2026-11-20",
  };
  const voice = { from: "小学生の母親", consent: "同意-13", expires: "2026-11-20" };
  /** 23:59 and 00:00 in Tokyo. */
  const lastMinute = new Date("2026-11-20T14:59:00Z");
  const nextDay = new Date("2026-11-20T15:00:00Z");

  test("an entry is shown up to the last minute of its last day in Tokyo", () => {
    expect(caseSchema(lastMinute).safeParse(told).success).toBe(true);
    expect(voiceSchema(lastMinute).safeParse(voice).success).toBe(true);
  });

  test("an expired consent stops the build with a sentence naming the entry", () => {
    expect(
      caseSchema(nextDay)
        .safeParse(told)
        .error?.issues.map(({ path, message }) => [path, message]),
    ).toEqual([
      [["expires"], 'The consent 同意-12 for "週に2時間から" ended on 2026-11-20: renew it or take the entry down.'],
    ]);
    expect(voiceSchema(nextDay).safeParse(voice).error?.issues[0]?.message).toContain('"小学生の母親"');
  });

  test("a picture has a consent of its own, and ends before the words beside it", () => {
    const photo = { file: "a.svg", alt: "似顔絵", consent: "写真-1", expires: "2026-11-20" };
    const person = { order: 1, name: "見本ゆき", role: "職員", consent: "職員-1", expires: "2036-03-31" };
    expect(personSchema(lastMinute).safeParse({ ...person, photo }).success).toBe(true);
    expect(personSchema(nextDay).safeParse(person).success).toBe(true);
    expect(personSchema(nextDay).safeParse({ ...person, photo }).error?.issues[0]?.message).toBe(
      'The consent 写真-1 for "a.svg" ended on 2026-11-20: renew it or take the entry down.',
    );
    const { consent: _, ...unasked } = photo;
    expect(personSchema(lastMinute).safeParse({ ...person, photo: unasked }).success).toBe(false);
  });

  test("a day that does not exist never becomes another day", () => {
    const event = { title: "会", date: "2026-09-30", time: "14:00", place: "館", forWhom: "家族", apply: "電話" };
    expect(eventSchema.safeParse(event).success).toBe(true);
    expect(eventSchema.safeParse({ ...event, date: "2026-09-31" }).success).toBe(false);
    // What YAML makes of an unquoted 2026-09-31.
    expect(eventSchema.safeParse({ ...event, date: new Date("2026-10-01") }).success).toBe(false);
    expect(caseSchema(lastMinute).safeParse({ ...told, expires: "2027-02-29" }).success).toBe(false);
  });

  test("an entry without a consent, or with a field nobody knows, is refused", () => {
    const { consent: _, ...without } = told;
    expect(caseSchema(lastMinute).safeParse(without).success).toBe(false);
    expect(caseSchema(lastMinute).safeParse({ ...told, diagnosis: "x" }).success).toBe(false);
  });
});

describe.each(readdirSync(folder).filter((name) => name.endsWith(".md")))("the guide %s", (name) => {
  const [, head = "", body = ""] = /^---\n(.*?)\n---\n(.*)$/su.exec(readFileSync(new URL(name, folder), "utf8")) ?? [];
  const fields = Object.fromEntries(head.split("\n").map((line) => line.split(/: (.*)/su).slice(0, 2)));
  const pdf = readFileSync(new URL(name.replace(/md$/u, "pdf"), folder));
  const source = pdf.toString("latin1");

  test("has as many pages as it says, in at most 400 KB", () => {
    const { pages } = guideSchema.parse({ ...fields, pages: Number(fields.pages) });
    expect(source.match(/\/Type \/Page\b/gu)).toHaveLength(pages);
    expect(pdf.length).toBeLessThanOrEqual(400 * 1024);
  });

  test("embeds its letters as TrueType with a map back to characters, and is tagged for reading aloud", () => {
    expect(source).not.toContain("/Type3");
    expect(source.match(/\/FontFile2 /gu)).toHaveLength(2);
    expect(source.match(/\/ToUnicode /gu)).toHaveLength(2);
    expect(source).toContain("/StructTreeRoot");
  });

  test("carries its title, so that it was printed from this text", () => {
    const title = Buffer.from(`\uFEFF${fields.title}`, "utf16le").swap16().toString("hex").toUpperCase();
    expect(source.toUpperCase()).toContain(title);
  });

  test("is careful writing: no exclamation, no broken paragraph", () => {
    expect(body).not.toMatch(/[!！]/u);
    expect(body).not.toMatch(/[\p{sc=Han}\p{sc=Hiragana}、]\n[\p{sc=Han}\p{sc=Hiragana}]/u);
  });
});
