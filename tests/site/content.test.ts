import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const folder = new URL("../../site/content/guides/", import.meta.url);

describe.each(readdirSync(folder).filter((name) => name.endsWith(".md")))("the guide %s", (name) => {
  const [, head = "", body = ""] = /^---\n(.*?)\n---\n(.*)$/su.exec(readFileSync(new URL(name, folder), "utf8")) ?? [];
  const fields = Object.fromEntries(head.split("\n").map((line) => line.split(/: (.*)/su).slice(0, 2)));
  const pdf = readFileSync(new URL(name.replace(/md$/u, "pdf"), folder));
  const source = pdf.toString("latin1");

  test("has as many pages as it says, in at most 400 KB", () => {
    expect(source.match(/\/Type \/Page\b/gu)).toHaveLength(Number(fields["pages"]));
    expect(pdf.length).toBeLessThanOrEqual(400 * 1024);
  });

  test("embeds its letters as TrueType with a map back to characters, and is tagged for reading aloud", () => {
    expect(source).not.toContain("/Type3");
    expect(source.match(/\/FontFile2 /gu)).toHaveLength(2);
    expect(source.match(/\/ToUnicode /gu)).toHaveLength(2);
    expect(source).toContain("/StructTreeRoot");
  });

  test("carries its title, so that it was printed from this text", () => {
    const title = Buffer.from(`\uFEFF${fields["title"]}`, "utf16le").swap16().toString("hex").toUpperCase();
    expect(source.toUpperCase()).toContain(title);
  });

  test("is careful writing: no exclamation, no broken paragraph", () => {
    expect(body).not.toMatch(/[!！]/u);
    expect(body).not.toMatch(/[\p{sc=Han}\p{sc=Hiragana}、]\n[\p{sc=Han}\p{sc=Hiragana}]/u);
  });
});
