import { Hono } from "hono";
import { findEntry, kindOf } from "#api/content/entries.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppContext, type AppEnv, requireStaff } from "#api/http/context.ts";
import { PageTime } from "#api/pages/page-time.ts";
import { isPicturePublic } from "#api/published/published.ts";
import { dayAfter, instantOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { NotFound } from "#db/errors.ts";
import { pictureIdIn } from "#db/terms/content-fields.ts";
import {
  forgetPicture,
  isKnownPicture,
  isOfNewsletter,
  type PictureBytes,
  pictureBytes,
  publishedFile,
} from "./files.ts";
import { altTexts, DescribeForm, DrawingForm, UploadForm } from "./forms.ts";
import { chooseDrawing, describePicture, uploadPicture } from "./pictures.ts";

const entryOf = (c: AppContext) => ({ kind: kindOf(c.req.param("kind")), id: c.req.param("id") ?? "" });
const pageOf = (c: AppContext) => `/staff/content/${entryOf(c).kind}/${encodeURIComponent(entryOf(c).id)}`;
const base = "/staff/content/:kind/:id/picture";

/** Pictures of an entry, for those who keep its kind. */
export const entryPictureRoutes = new Hono<AppEnv>()
  .post(base, async (c) => {
    const form = await readForm(c, UploadForm, pageOf(c));
    const at = { ...entryOf(c), factsVersion: form.facts_version };
    const file = Buffer.from(await form.file.arrayBuffer());
    await uploadPicture(requireStaff(c), at, { file, alt: altTexts(form), focalPoint: form.focal_point });
    return redirectWithNotice(c, pageOf(c), "picture_uploaded");
  })
  .post(`${base}/drawing`, async (c) => {
    const { drawing, facts_version: factsVersion } = await readForm(c, DrawingForm, pageOf(c));
    await chooseDrawing(requireStaff(c), { ...entryOf(c), factsVersion }, drawing);
    return redirectWithNotice(c, pageOf(c), drawing === "" ? "picture_removed" : "picture_uploaded");
  })
  .post(`${base}/:picture`, async (c) => {
    const { version, focal_point: focalPoint, ...form } = await readForm(c, DescribeForm, pageOf(c));
    const picture = { id: c.req.param("picture"), version, alt: altTexts(form), focalPoint };
    await describePicture(requireStaff(c), entryOf(c), picture);
    return redirectWithNotice(c, pageOf(c), "picture_described");
  })
  .get(`${base}/:picture/:file`, async (c) => {
    const { kind, id } = entryOf(c);
    const entry = await findEntry(db, requireStaff(c), kind, id);
    if (pictureIdIn(entry.facts) !== c.req.param("picture")) throw new NotFound();
    const bytes = await pictureBytes(c.req.param("picture"), c.req.param("file"));
    if (!bytes) throw new NotFound();
    return send(c, bytes, "no-store");
  });

const send = (c: AppContext, { content, type }: PictureBytes, cacheControl: string) =>
  c.body(new Uint8Array(content), 200, {
    "Content-Type": type,
    "Content-Length": String(content.length),
    "Cache-Control": cacheControl,
  });

/** The name of a file changes with its bytes. */
const etagOf = (file: string) => `"${file}"`;

/** Seconds for which a picture that hangs on a consent may be kept: never past its end. */
function secondsLeft(lastDay: string | undefined, now: Date): number {
  const left = lastDay === undefined ? 0 : (instantOf(dayAfter(lastDay)).getTime() - now.getTime()) / 1000;
  return Math.max(0, Math.min(60, Math.floor(left)));
}

const forever = "public, max-age=31536000, immutable";

/** The file that is asked for, or that the browser's copy is still it; undefined where the picture has no such file. */
async function giveOut(c: AppContext, kept: string): Promise<Response | undefined> {
  const file = c.req.param("file") ?? "";
  const bytes = await pictureBytes(c.req.param("picture") ?? "", file);
  if (!bytes) return undefined;
  c.header("ETag", etagOf(file));
  if (c.req.header("if-none-match") === etagOf(file)) return c.body(null, 304, { "Cache-Control": kept });
  return send(c, bytes, kept);
}

/**
 * Pictures for everybody: of the newsletter, and of entries. What hangs on a consent is given out only while a page may
 * show it, and kept by nobody for more than a minute; afterwards its address answers 410.
 */
export const pictureRoutes = new Hono<AppEnv>().get("/pictures/:picture/:file", async (c) => {
  const [id, file] = [c.req.param("picture"), c.req.param("file")];
  const now = new Date();
  const picture = publishedFile(id, file);
  if (picture && isPicturePublic(picture, new PageTime(now))) {
    const last = Object.values(picture.lastDays).toSorted().at(-1);
    const answer = await giveOut(c, picture.needsConsent ? `public, max-age=${secondsLeft(last, now)}` : forever);
    if (answer) return answer;
  } else if (!picture && (await isOfNewsletter(id))) {
    const answer = await giveOut(c, forever);
    if (answer) return answer;
    throw new NotFound();
  }
  if (!picture && !(await isKnownPicture(id))) throw new NotFound();
  await forgetPicture(id);
  return c.text("この画像は、もう公開していません。", 410, { "Cache-Control": "no-store" });
});
