/** Pictures of entries: whoever keeps the kind, coordinators stories and fundraisers voices. */

import { randomUUID } from "node:crypto";
import sharp from "sharp";
import { filesOf, fileName } from "#api/pictures/files.ts";
import { uploadPicture } from "#api/pictures/pictures.ts";
import { added, type Fields } from "../content/typed.ts";
import type { NounAccess } from "../matrix.ts";

const kinds = { own: "story", foreign: "voice", unknown: "story" } as const;
const photo = await sharp({ create: { width: 300, height: 300, channels: 3, background: "#47a" } })
  .png()
  .toBuffer();
let factsVersion = 1;

export const access: NounAccess = {
  table: `
                                                                  manager      coordinator  peer         fundraiser   analyst      nobody
    POST /staff/content/:kind/:id/picture                         303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/picture/drawing                 303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/picture/:picture                303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    GET /staff/content/:kind/:id/picture/:picture/:file           200/200/404  200/403/404  403/403/403  403/200/403  403/403/403  in/in/in
  `,
  fill: async (path, whose, { byRole: { manager } }) => {
    const kind = kinds[whose];
    const fields: Fields = kind === "story" ? { "ja.title": "題" } : { "ja.words": "声" };
    const id = whose === "unknown" ? randomUUID() : await added(manager, kind, fields);
    factsVersion = 1;
    let [picture, file] = [randomUUID() as string, "123456789abc-small.webp"];
    if (path.includes(":picture") && whose !== "unknown") {
      const at = { kind, id, factsVersion };
      picture = await uploadPicture(manager, at, { file: photo, alt: { ja: "絵" }, focalPoint: "top" });
      const [first] = await filesOf(picture);
      file = first ? fileName(first) : file;
    }
    return path.replace(":kind", kind).replace(":id", id).replace(":picture", picture).replace(":file", file);
  },
  forms: {
    "POST /staff/content/:kind/:id/picture": () => ({
      ...{ facts_version: String(factsVersion), "alt.ja": "絵" },
      file: new File([new Uint8Array(photo)], "a.png"),
    }),
    "POST /staff/content/:kind/:id/picture/drawing": () => ({ facts_version: String(factsVersion), drawing: "" }),
    "POST /staff/content/:kind/:id/picture/:picture": () => ({ version: "1", "alt.ja": "絵" }),
  },
};
