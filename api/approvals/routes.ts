import { Hono } from "hono";
import { kindOf, localeOf } from "#api/content/entries.ts";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm, readLocalisedForm } from "#api/forms/read-form.ts";
import { type AppContext, type AppEnv, requireStaff } from "#api/http/context.ts";
import { requestNetwork } from "#api/http/network.ts";
import { pictureBytes } from "#api/pictures/files.ts";
import { NotFound } from "#db/errors.ts";
import { pictureIdIn } from "#db/terms/content-fields.ts";
import { approveByLink, askForChange } from "./answer.ts";
import { eraseEntry } from "./erase-entry.ts";
import { ApproveForm, ChangeForm, LinkForm, PaperForm, TranslationForm, UseForm } from "./forms.ts";
import { makeLink, openLink, revokeLink } from "./links.ts";
import { recordOnPaper, recordTranslation, withdrawConsent } from "./record.ts";
import { noteUse } from "./uses.ts";

const entryOf = (c: AppContext) => ({ kind: kindOf(c.req.param("kind")), contentId: c.req.param("id") ?? "" });
const pageOf = (c: AppContext) => `/staff/content/${entryOf(c).kind}/${encodeURIComponent(entryOf(c).contentId)}`;
const consents = "/staff/content/:kind/:id/consents";
const ofText = "/staff/content/:kind/:id/:locale/consents";
/** The revision that a form is about, in the language of its address. */
const revisionOf = (c: AppContext, revisionNo: number) => ({
  ...entryOf(c),
  ...{ locale: localeOf(c.req.param("locale")), revisionNo },
});

/** What staff record about an entry. */
export const approvalRoutes = new Hono<AppEnv>()
  .post(`${ofText}/paper`, async (c) => {
    const form = await readForm(c, PaperForm, pageOf(c));
    const { no, reference, given_by: givenBy, given_on: givenOn, until, channels, with_picture: withPicture } = form;
    await recordOnPaper(requireStaff(c), revisionOf(c, no), {
      reference,
      givenBy,
      givenOn,
      until,
      channels,
      withPicture,
    });
    return redirectWithNotice(c, pageOf(c), "consent_recorded");
  })
  .post(`${ofText}/translation`, async (c) => {
    const { no, source_locale, source_no } = await readForm(c, TranslationForm, pageOf(c));
    await recordTranslation(requireStaff(c), revisionOf(c, no), { locale: source_locale, revisionNo: source_no });
    return redirectWithNotice(c, pageOf(c), "translation_recorded");
  })
  .post(`${consents}/withdrawal`, async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    const { kind, contentId } = entryOf(c);
    await withdrawConsent(requireStaff(c), kind, contentId);
    return redirectWithNotice(c, pageOf(c), "consent_withdrawn");
  })
  .post(`${ofText}/links`, async (c) => {
    const { no, purpose } = await readForm(c, LinkForm, pageOf(c));
    await makeLink(requireStaff(c), revisionOf(c, no), purpose);
    return redirectWithNotice(c, pageOf(c), "link_made");
  })
  .post(`${consents}/links/:link/revocation`, async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await revokeLink(requireStaff(c), entryOf(c), c.req.param("link"));
    return redirectWithNotice(c, pageOf(c), "link_revoked");
  });

/** The register, and erasing for good what was put away. */
export const registerRoutes = new Hono<AppEnv>()
  .post("/staff/consents/uses", async (c) => {
    const { kind, entry, place, used_on: usedOn } = await readForm(c, UseForm, "/staff/consents");
    await noteUse(requireStaff(c), { kind, contentId: entry }, { place, usedOn });
    return redirectWithNotice(c, "/staff/consents", "noted");
  })
  .post("/staff/content/:kind/:id/erasure", async (c) => {
    const { kind, contentId } = entryOf(c);
    await readForm(c, EmptyForm, pageOf(c));
    await eraseEntry(requireStaff(c), kind, contentId);
    return redirectWithNotice(c, `/staff/content/${kind}`, "erased");
  });

const previewOf = (c: AppContext) => `/preview/${encodeURIComponent(c.req.param("token") ?? "")}`;
const askerOf = (c: AppContext) => ({ network: requestNetwork(c), now: new Date() });

/** What those send who were given a link, and the picture that they are shown. */
export const previewRoutes = new Hono<AppEnv>()
  .get("/preview/:token/picture/:picture/:file", async (c) => {
    const [token, picture] = [c.req.param("token"), c.req.param("picture")];
    const open = await openLink(token);
    if (open === undefined || pictureIdIn(open.entry.facts) !== picture) throw new NotFound();
    const bytes = await pictureBytes(picture, c.req.param("file"));
    if (!bytes) throw new NotFound();
    return c.body(new Uint8Array(bytes.content), 200, { "Content-Type": bytes.type, "Cache-Control": "no-store" });
  })
  .post("/preview/:token/approval", async (c) => {
    const given = await readLocalisedForm(c, ApproveForm, previewOf(c));
    await approveByLink(c.req.param("token"), given, askerOf(c));
    return c.redirect(previewOf(c), 303);
  })
  .post("/preview/:token/change", async (c) => {
    const { words } = await readLocalisedForm(c, ChangeForm, previewOf(c));
    await askForChange(c.req.param("token"), words, askerOf(c));
    return c.redirect(previewOf(c), 303);
  });
