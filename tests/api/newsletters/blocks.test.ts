/** Pictures of an issue: taken in with the text that shows them, given to every mail program, gone with the draft. */

import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { pictureIdOf, segmentsOf } from "#emails/markdown/segments.ts";
import { getNewsletter } from "#emails/newsletters/newsletters.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import { get, type Member, member, postForm, signIn } from "../requests.ts";

let writer: Member;
let cookie: string;
let photo: File;
beforeAll(async () => {
  writer = await member("fundraiser");
  cookie = await signIn(writer);
  const bytes = await sharp({ create: { width: 1200, height: 900, channels: 3, background: "#4477aa" } })
    .jpeg()
    .toBuffer();
  photo = new File([new Uint8Array(bytes)], "湖.jpg", { type: "image/jpeg" });
});

const body = "はじめ\n\nおわり";
const fresh = () => createNewsletter(writer, { subject: "題", body });
const textOf = async (id: string) => (await getNewsletter(writer, id)).issue.body;
const insert = async (
  id: string,
  { block, ...fields }: Record<string, string | File> & { block: string },
  version = 1,
) =>
  postForm(`/staff/newsletters/${id}/insert/${block}`, { version: String(version), line: "1", ...fields }, { cookie });
const mailOf = async (id: string) => (await get(`/staff/newsletters/${id}/mail`, { cookie })).text();
const pictureIn = (html: string) => new URL(/<img src="([^"]+)"/u.exec(html)?.[1] ?? "").pathname;

describe("a picture", () => {
  test("stands where it was put, in the mail and the same for everybody, on other sites' pages too", async () => {
    const id = await fresh();
    const answer = await insert(id, { block: "picture", file: photo, alt: "湖のほとり" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/staff/newsletters/${id}?done=inserted`]);
    expect(segmentsOf(await textOf(id)).map(({ kind }) => kind)).toEqual(["prose", "picture", "prose"]);
    const address = pictureIn(await mailOf(id));
    const bytes = await get(address);
    expect([bytes.status, bytes.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    expect(bytes.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(bytes.headers.get("cache-control")).toContain("immutable");
    expect((await sharp(Buffer.from(await bytes.arrayBuffer())).metadata()).width).toBe(960);
    expect((await get(address.replace(/\/[^/]+$/u, "/000000000000-large.jpg"))).status).toBe(404);
  });

  test("goes with the draft that alone shows it, and stays while a copy does", async () => {
    const id = await fresh();
    await insert(id, { block: "picture", file: photo, alt: "湖" });
    const address = pictureIn(await mailOf(id));
    await postForm(`/staff/newsletters/${id}/duplicate`, {}, { cookie });
    await postForm(`/staff/newsletters/${id}/delete`, { version: "2" }, { cookie });
    expect((await get(address)).status).toBe(200);
    const html = await (await get("/staff/newsletters", { cookie })).text();
    const copy = /\/staff\/newsletters\/([\da-f-]{36})"/u.exec(html)?.[1] ?? "";
    expect(await textOf(copy)).toContain(address.split("/")[2] ?? "");
    await postForm(`/staff/newsletters/${copy}/delete`, { version: "1" }, { cookie });
    expect((await get(address)).status).toBe(410);
  });

  test.each([
    ["without words", { alt: "" }],
    ["without a file", { file: new File([], "") }],
    ["that is none", { file: new File(["%PDF-1.7"], "a.jpg") }],
  ])("%s is refused, and nothing changes", async (_name, over) => {
    const id = await fresh();
    const answer = await insert(id, { block: "picture", file: photo, alt: "湖", ...over });
    expect(answer.headers.get("location")).toBe(`/staff/newsletters/${id}/insert`);
    expect(await textOf(id)).toBe(body);
  });
});

test("a button and a guide are put in as they are written", async () => {
  const id = await fresh();
  await insert(id, { block: "button", words: "申し込む", link: "https://example.jp/a" });
  await insert(id, { block: "guide", guide: "learning-in-hospital" }, 2);
  expect(segmentsOf(await textOf(id)).map(({ kind }) => kind)).toEqual(["prose", "guide", "button", "prose"]);
  for (const link of ["javascript:alert(1)", "//example.jp", "#top", "https://example.jp/a b", "https://example.jp/>"])
    await insert(id, { block: "button", words: "申し込む", link }, 3);
  await insert(id, { block: "button", words: "申し込む", link: "https://example.jp/a" }, 1);
  expect((await getNewsletter(writer, id)).issue.version).toBe(3);
});

describe("the preview", () => {
  test("is the mail, by day or by night, which runs nothing and stands in our own frames alone", async () => {
    const id = await fresh();
    const frame = async (scheme: string) => get(`/staff/newsletters/${id}/mail?scheme=${scheme}`, { cookie });
    const [day, night] = [await frame("light"), await frame("dark")];
    const policy = day.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).not.toContain("script-src");
    const [light, dark] = [await day.text(), await night.text()];
    const withoutStyle = (html: string) => html.replace(/<style>.*?<\/style>/su, "");
    expect(withoutStyle(light)).toBe(withoutStyle(dark));
    expect([light, dark].map((html) => html.includes("prefers-color-scheme"))).toEqual([false, false]);
    expect(dark).toContain("color-scheme:dark}.ground{");
    expect(light).not.toContain(".ground{");
  });

  test("follows the redirects of our own pages to where they end", async () => {
    const body = "[甲](/events/) [乙](/no-such-page/) [丙](/staff/newsletters/)";
    const html = await (
      await get(`/staff/newsletters/${await createNewsletter(writer, { subject: "題", body })}/preview`, { cookie })
    ).text();
    expect(html).toMatch(/このページはありません: [^<]*\/no-such-page\/\s*</u);
    expect(html).toMatch(/職員だけが開ける画面へのリンクです。[^<]*\/staff\/newsletters\/\s*</u);
    expect(html).not.toMatch(/(?:ありません|職員だけ)[^<]*\/events\//u);
  });

  test("asks our own pages for what its links lead to", async () => {
    const id = await createNewsletter(writer, {
      subject: "題",
      body: "[催し](/events) [ない](/no-such-page)\n\n[ボタン: 資料](/guides)",
    });
    const html = await (await get(`/staff/newsletters/${id}/preview`, { cookie })).text();
    expect(html).toMatch(/このページはありません: [^<]*\/no-such-page\s*</u);
    expect(html).not.toMatch(/確かめられません|このページはありません: [^<]*\/(?:events|guides)\s*</u);
    expect(html.match(/<iframe[^>]*>/gu)?.map((tag) => /width="(\d+)"/u.exec(tag)?.[1])).toEqual([
      "360",
      "360",
      "600",
      "600",
    ]);
  });
});

test("an address of a picture is one of ours or none", () => {
  const id = "01900000-0000-7000-8000-0000000000aa";
  expect([`/pictures/${id}`, `/pictures/${id}/x.jpg`].map(pictureIdOf)).toEqual([id, id]);
  expect(
    ["/pictures/x", `https://example.com/pictures/${id}`, `//example.com/pictures/${id}`, `/x/pictures/${id}`].map(
      pictureIdOf,
    ),
  ).toEqual([undefined, undefined, undefined, undefined]);
});
