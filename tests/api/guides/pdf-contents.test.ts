/** A guide only has to be read: whatever would act by itself on a family's device is not taken. */

import { readdirSync, readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { acceptUpload } from "#api/guides/files.ts";
import { Invalid } from "#db/errors.ts";
import { pdf, samplePdf } from "./pdfs.ts";

/** The sentence at the field, or how many pages were taken in. */
async function tried(content: Buffer): Promise<string | number> {
  try {
    return (await acceptUpload(samplePdf("見本.pdf", content))).pages;
  } catch (error) {
    if (error instanceof Invalid) return error.errors["file"] ?? "";
    throw error;
  }
}

const wayOut = "「印刷」を選び、「PDF に保存」で作り直した";
const acts = "動くしかけ";

/** A PDF whose catalogue has these entries beside its pages; objects of `extra` are numbered from 5. */
const withCatalog = (entries: string, ...extra: string[]) => {
  const text = pdf({ extra, trailer: "" }).toString("latin1");
  return rebuilt(text.replace("<</Type/Catalog/Pages 2 0 R>>", `<</Type/Catalog/Pages 2 0 R${entries}>>`));
};

/** The same on its page. */
const withPage = (entries: string, ...extra: string[]) =>
  rebuilt(pdf({ extra }).toString("latin1").replace("/Contents 3 0 R>>", `/Contents 3 0 R${entries}>>`));

/** With the table of where its objects stand made right again. */
function rebuilt(text: string, trailer = ""): Buffer {
  const body = text.slice(0, text.indexOf("xref\n"));
  const places = [...body.matchAll(/^(\d+) 0 obj/gmu)].map(({ 1: number, index }) => [Number(number), index] as const);
  const most = Math.max(...places.map(([number]) => number));
  const at = new Map(places);
  const lines = Array.from({ length: most }, (_, before) => {
    const place = at.get(before + 1);
    return place === undefined ? "0000000000 65535 f \n" : `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${most + 1}\n0000000000 65535 f \n${lines.join("")}`;
  const end = `trailer <</Size ${most + 1}/Root 1 0 R${trailer}>>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(body + table + end, "latin1");
}

/** Objects (numbered from 5) in a stream of objects, as word processors write them, with a table as a stream. */
function packed(
  objects: string[],
  {
    type = "/Type/ObjStm",
    entries = "/Filter/FlateDecode",
    catalog = "",
    pack = deflateSync as (b: Buffer) => Buffer,
  } = {},
): Buffer {
  let places = "";
  let inside = "";
  for (const [at, object] of objects.entries()) {
    places += `${5 + at} ${inside.length} `;
    inside += `${object} `;
  }
  const stream = pack(Buffer.from(places + inside, "latin1")).toString("latin1");
  const holder = 5 + objects.length;
  let text = pdf().toString("latin1");
  text = text
    .slice(0, text.indexOf("xref\n"))
    .replace("<</Type/Catalog/Pages 2 0 R>>", `<</Type/Catalog/Pages 2 0 R${catalog}>>`);
  text += `${holder} 0 obj <<${type}/N ${objects.length}/First ${places.length}${entries}/Length ${stream.length}>> stream\n${stream}\nendstream endobj\n`;
  const place = new Map([...text.matchAll(/^(\d+) 0 obj/gmu)].map(({ 1: number, index }) => [Number(number), index]));
  const table = holder + 1;
  const rows = Buffer.alloc((table + 1) * 7);
  for (let number = 1; number <= table; number++) {
    const isInside = number >= 5 && number < holder;
    rows.writeUInt8(isInside ? 2 : 1, number * 7);
    rows.writeUInt32BE(isInside ? holder : number === table ? text.length : (place.get(number) ?? 0), number * 7 + 1);
    rows.writeUInt16BE(isInside ? number - 5 : 0, number * 7 + 5);
  }
  const start = text.length;
  text += `${table} 0 obj <</Type/XRef/Size ${table + 1}/W[1 4 2]/Root 1 0 R/Length ${rows.length}>> stream\n`;
  return Buffer.from(`${text}${rows.toString("latin1")}\nendstream endobj\nstartxref\n${start}\n%%EOF\n`, "latin1");
}

const script = "<</S/JavaScript/JS(app.alert\\(1\\))>>";
const annotation = (entries: string) => withPage("/Annots[5 0 R]", `<</Type/Annot/Rect[0 0 9 9]${entries}>>`);

describe("what acts by itself is refused, with what to do instead:", () => {
  test.each([
    ["a script when it is opened", () => withCatalog("/OpenAction 5 0 R", script)],
    ["a script by name", () => withCatalog("/Names<</JavaScript<</Names[(a)5 0 R]>>>>", script)],
    ["a script that nothing points to", () => withCatalog("", script)],
    ["a script under a name written otherwise", () => withCatalog("", "<</S/J#61vaScript/#4aS(1)>>")],
    ["a script of another kind of object", () => withCatalog("", "<</S 6 0 R>>", "/Java#53cript")],
    ["a script on a page", () => withPage("/AA<</O 5 0 R>>", "<</S/GoTo/D[4 0 R/Fit]>>")],
    ["a program", () => annotation("/Subtype/Link/A<</S/Launch/F(calc.exe)>>")],
    ["a file of another machine", () => annotation("/Subtype/Link/A<</S/GoToR/F(\\\\\\\\host\\\\x)/D[0/Fit]>>")],
    ["a form that sends itself", () => annotation("/Subtype/Widget/FT/Btn/T(a)/A<</S/SubmitForm/F(http://x)>>")],
    ["a form that fetches", () => annotation("/Subtype/Widget/FT/Btn/T(a)/A<</S/ImportData/F(x)>>")],
    ["a field that calculates", () => annotation("/Subtype/Widget/FT/Tx/T(a)/AA<</K 6 0 R>>")],
    ["a film", () => annotation("/Subtype/RichMedia/RichMediaContent<<>>")],
    ["a sound", () => annotation("/Subtype/Sound/Sound 6 0 R")],
    ["a file pinned to a page", () => annotation("/Subtype/FileAttachment/FS<</F(a)>>")],
    ["an attachment", () => withCatalog("/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>", "<</Type/Filespec/F(a)>>")],
    ["a file in a file", () => withCatalog("", "<</Type/Filespec/F(a)/EF<</F 6 0 R>>>>")],
    ["a form of another language", () => withCatalog("/AcroForm<</Fields[]/XFA 5 0 R>>", "(x)")],
    ["a web page when it is opened", () => withCatalog("/OpenAction<</S/URI/URI(http://x)>>")],
    ["printing when it is opened", () => withCatalog("/OpenAction 5 0 R", "<</S/Named/N/Print>>")],
    ["a second step when it is opened", () => withCatalog("/OpenAction<</S/GoTo/D[4 0 R/Fit]/Next<</S/URI/URI(x)>>>>")],
    ["a script in a stream of objects", () => packed([script])],
    ["the same as readers see it", () => packed([script], { catalog: "/OpenAction 5 0 R" })],
    ["the same under a name written otherwise", () => packed(["<</S/JavaScr#69pt>>", "1"])],
    ["the same in small letters", () => packed(["<</S/#4aava#53cript>>"])],
    ["the same twice over", () => packed(["<</S/Java#53cript/#4aS(1)>>"])],
    ["an opening written otherwise", () => packed(["<</#4fpenAction<</S/URI>>>>"])],
    ["the same under another label", () => packed([script], { type: "/Type/#4FbjStm" })],
    ["a script that a later version took back", () => rebuilt(withCatalog("", script, "(5 0 obj)").toString("latin1"))],
    [
      "a script behind a harmless object of its number",
      () => {
        const before = withCatalog("", "<</S/#4aavaScript>>").toString("latin1").split("xref\n")[0] ?? "";
        return rebuilt(`${before}5 0 obj <<>> endobj\nxref\n`);
      },
    ],
    ["a script inside other bytes", () => pdf({ drawing: `9 0 obj ${script} endobj` })],
  ])("%s", async (_, made) => {
    const said = await tried(made());
    expect(said).toContain(acts);
    expect(said).toContain(wayOut);
  });
});

describe("what cannot be looked into is refused as well:", () => {
  const unclear = "すべては確かめられませんでした";
  const hex = (bytes: Buffer) => Buffer.from(`${bytes.toString("hex")}>`);
  test.each([
    [
      "objects packed twice",
      () => packed([script], { entries: "/Filter[/ASCIIHexDecode/FlateDecode]", pack: (b) => hex(deflateSync(b)) }),
    ],
    ["objects packed in a rare way", () => packed([script], { entries: "/Filter/ASCIIHexDecode", pack: hex })],
    [
      "objects rearranged before they were packed",
      () => packed([script], { entries: "/Filter/FlateDecode/DecodeParms<</Predictor 12>>" }),
    ],
    ["objects under a label in small letters", () => packed([script], { type: "/Type/#4fbjStm" })],
    ["objects without a label", () => packed([script], { type: "" })],
    ["a few kilobytes that unpack to gigabytes", () => packed([`(${"a".repeat(70 * 1024 * 1024)})`])],
  ])("%s", async (_, made) => {
    const said = await tried(made());
    expect(said).toContain(unclear);
    expect(said).toContain(wayOut);
  });

  test("a lock under a name written otherwise is a lock", async () => {
    const half = "00".repeat(32);
    const locked = pdf({ trailer: `/#45ncrypt<</Filter/Standard/V 1/R 2/P -4>>/ID[<${half}><${half}>]` });
    expect(String(await tried(locked))).toMatch(/保護をはずして|開けませんでした/u);
  });
});

describe("what only waits to be read or filled in is taken:", () => {
  test.each([
    ["a link to a web page", () => annotation("/Subtype/Link/A<</S/URI/URI(https://example.jp/)>>")],
    ["a link to another page", () => annotation("/Subtype/Link/Dest[4 0 R/Fit]")],
    ["a first page to begin at", () => withCatalog("/OpenAction[4 0 R/Fit]")],
    ["the same as an action", () => withCatalog("/OpenAction 5 0 R", "<</S/GoTo/D[4 0 R/Fit]>>")],
    [
      "fields to fill in",
      () => withCatalog("/AcroForm<</Fields[5 0 R]>>", "<</FT/Tx/T(a)/Subtype/Widget/Rect[0 0 9 9]>>"),
    ],
    ["words about scripts", () => withCatalog("", "(JavaScript, /JS, Launch)")],
    ["a heading in a stream of objects", () => packed(["<</Type/StructElem/S/H1>>"])],
    ["objects that are not packed", () => packed(["<</S/URI/URI(x)>>"], { entries: "", pack: (bytes) => bytes })],
  ])("%s", async (_, made) => {
    expect(await tried(made())).toBe(1);
  });

  test("our own guides", async () => {
    const folder = new URL("../../../site/content/guides/", import.meta.url);
    const names = readdirSync(folder).filter((name) => name.endsWith(".pdf"));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(await tried(readFileSync(new URL(name, folder)))).toBeGreaterThan(0);
  });
});
