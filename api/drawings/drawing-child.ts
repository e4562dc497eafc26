/** Program (started by drawings.ts in a process of its own) that draws the organisation's pictures and the covers of guides. */

import sharp from "sharp";
import type { DrawingOrder, Drawings, PictureValues } from "./drawings.ts";
import { withCover } from "./guide-cover.ts";
import { iconSvg } from "./icon.ts";
import { logoArea, shareSvg } from "./share-picture.ts";

sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadSvg", "VipsForeignLoadPng"] });
sharp.concurrency(1);

/** The logo within a box, in proportion. */
const within = (logo: Buffer, width: number, height: number) =>
  sharp(logo).resize({ width, height, fit: "inside" }).png().toBuffer({ resolveWithObject: true });

async function sharePicture(values: PictureValues): Promise<Buffer> {
  const hasLogo = values.logo !== undefined;
  const area = logoArea(values);
  const logo = values.logo && (await within(values.logo, area.width, area.height));
  const layers = logo && [
    {
      input: logo.data,
      left: Math.round(area.x + (area.width - logo.info.width) / 2),
      top: Math.round(area.y + (area.height - logo.info.height) / 2),
    },
  ];
  return sharp(Buffer.from(shareSvg({ ...values, hasLogo })))
    .composite(layers ?? [])
    .png({ palette: true, quality: 90, effort: 10 })
    .toBuffer();
}

async function draw(values: PictureValues): Promise<Drawings> {
  const logo = values.logo && (await within(values.logo, 128, 128)).data;
  // 180 pixels at 72 per inch would be drawn from 32: the resolution is that of 180.
  const icon180 = await sharp(Buffer.from(iconSvg({ ...values, logo: values.logo }, 0)), { density: 405 })
    .resize(180, 180)
    .png({ palette: true, quality: 90, effort: 10 })
    .toBuffer();
  return { share: await sharePicture(values), icon: iconSvg({ ...values, logo }), icon180 };
}

// Buffers arrive as plain bytes.
const buffer = (bytes?: Uint8Array) => (bytes === undefined ? {} : { logo: Buffer.from(bytes) });

const answer = ({ pictures, cover, guide }: DrawingOrder): Promise<Drawings | Buffer> =>
  pictures === undefined ? withCover(cover, guide) : draw({ ...pictures, ...buffer(pictures.logo) });

process.once("message", (order) => {
  void answer(order as DrawingOrder).then((drawn) => process.send?.(drawn));
});
