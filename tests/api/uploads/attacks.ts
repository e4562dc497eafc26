/** Files that people, or those who wish them ill, might choose as their logo. */

import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

export const svg = (inside: string, attributes = 'width="400" height="200"') =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`,
  );

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A black PNG of any size, in few bytes: 100 million pixels are 100 KB. */
export function blackPng(width: number, height: number, ...more: Buffer[]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const rows = deflateSync(Buffer.alloc((width + 1) * height));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), ...more, chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

/** A text chunk, in which scripts and secrets travel. */
export const textChunk = (text: string) => chunk("tEXt", Buffer.from(`Comment\0${text}`, "latin1"));

/** A picture, left half red and right half blue, 400 x 200. */
export const halves = () =>
  sharp({ create: { width: 400, height: 200, channels: 3, background: "#ff0000" } }).composite([
    {
      input: { create: { width: 200, height: 200, channels: 3, background: "#0000ff" } },
      left: 200,
      top: 0,
    },
  ]);

/** Each entity is ten of the one before: ten to the eighth letters. */
const entities = [..."bcdefgh"].map((name, at) => `<!ENTITY ${name} "${`&${"abcdefg"[at]};`.repeat(10)}">`).join("");
export const entityBomb = Buffer.from(
  `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">${entities}]><svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><desc>&h;</desc><rect width="50" height="50"/></svg>`,
);

/** Each group shows ten of the one before. */
export const useBomb = svg(
  `<defs><g id="a"><rect width="1" height="1"/></g>${[..."bcdefghij"]
    .map((name, at) => `<g id="${name}">${`<use href="#${"abcdefghi"[at]}"/>`.repeat(10)}</g>`)
    .join("")}</defs><use href="#j"/>`,
);

/** What Adobe Illustrator writes around its drawings. */
export const illustrator = Buffer.from(
  '\uFEFF<?xml version="1.0" encoding="utf-8"?><!-- Generator: Adobe Illustrator --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]><svg version="1.1" xmlns="&ns_svg;" viewBox="0 0 100 100"><rect width="100" height="100" fill="#00a040"/></svg>',
);
