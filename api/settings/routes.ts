import { Hono } from "hono";
import { z } from "zod";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppContext, type AppEnv, requireStaff } from "#api/http/context.ts";
import type { SettingKey } from "#db/settings/keys.ts";
import { settingsWords } from "#db/words/staff/settings.ts";
import { SettingsForm, valuesIn } from "./forms.ts";
import { saveSettings } from "./save.ts";
import { base, firstRun, firstRunPages, firstRunSteps, sections } from "./sections.ts";
import { takeBack } from "./take-back.ts";
import { exportSettingsFor, importSettings } from "./transfer.ts";

interface SettingsPage {
  keys: readonly SettingKey[];
  how: "edit" | "first_run";
  /** Path of the page that is opened once it is saved. */
  next: string;
}

const sectionPages = Object.entries(sections).map(([name, keys]): [string, SettingsPage] => [
  `${base}/${name}`,
  { keys, how: "edit", next: `${base}/${name}` },
]);
const stepPages = firstRunSteps.map((step, at): [string, SettingsPage] => [
  firstRunPages[step],
  { keys: firstRun[step], how: "first_run", next: firstRunPages[firstRunSteps[at + 1] ?? step] },
]);
/** Path → what the form of its page saves. The last page of the first run leads to the list. */
const pages = new Map<string, SettingsPage>([
  ...sectionPages,
  ...stepPages,
  [firstRunPages.promise, { keys: firstRun.promise, how: "first_run", next: base }],
]);

/** Saves the form of the page at this path; the button 「保存して見る」 comes back to it, beside what was saved. */
async function save(c: AppContext): Promise<Response> {
  const page = pages.get(c.req.path);
  if (!page) return c.notFound();
  const { keys, how, next } = page;
  const Form = SettingsForm(keys).extend({ look: z.string().optional() });
  const { look, ...sent } = await readForm(c, Form, c.req.path);
  const { values, shown } = valuesIn(keys, sent);
  await saveSettings(requireStaff(c), values, shown, { how });
  return redirectWithNotice(c, look === undefined ? next : c.req.path, "saved");
}

const TakeBackForm = z.strictObject({
  /** By key, the id of the last change that the page showed. */
  shown: z.string({ error: settingsWords.reload }).transform((text, context) => {
    const parsed = z.record(z.string(), z.number().int()).safeParse(jsonOf(text));
    if (!parsed.success) context.addIssue(settingsWords.reload);
    return parsed.data ?? {};
  }),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const FileForm = z.strictObject({ file: z.instanceof(File, { error: settingsWords.noFile }) });

export const settingsRoutes = new Hono<AppEnv>()
  .get(`${base}/settings.json`, async (c) => {
    c.header("Content-Disposition", 'attachment; filename="settings.json"');
    c.header("Content-Type", "application/json; charset=utf-8");
    return c.body(await exportSettingsFor(requireStaff(c)));
  })
  .post(`${base}/file`, async (c) => {
    const { file } = await readForm(c, FileForm, `${base}/file`);
    await importSettings(requireStaff(c), await file.text());
    return redirectWithNotice(c, base, "imported");
  })
  .post(`${base}/history/:set`, async (c) => {
    const page = `${base}/history/${c.req.param("set")}`;
    const { shown } = await readForm(c, TakeBackForm, page);
    await takeBack(requireStaff(c), c.req.param("set"), shown);
    return redirectWithNotice(c, `${base}/history`, "taken_back");
  })
  .post(`${base}/first-run/:step`, save)
  .post(`${base}/:section`, save);
