/** What is still missing before families may come: the switch 「これは本物です」 and the command `doctor` ask for the same. */

import { sql } from "drizzle-orm";
import { readKeysNoted } from "#api/keys/noted.ts";
import { readRows, type Rows } from "#api/settings/changes.ts";
import { base, type SectionName, sections } from "#api/settings/sections.ts";
import type { Transaction } from "#db/client.ts";
import { env } from "#db/env.ts";
import { type SettingKey, settingKeys, type Stage } from "#db/settings/keys.ts";
import { requiredKeys } from "#db/settings/required.ts";
import { readinessWords as say } from "#db/words/staff/readiness.ts";
import { settingWords } from "#db/words/staff/settings.ts";
import { sampleLeads } from "./sample-marks.ts";
import { givenValue, isSampleValue } from "./states.ts";

export interface Missing {
  /** Such as `missing.phone`, `sample.name.ja`, `origin`. */
  code: string;
  /** What it is and what to do, in Japanese. */
  sentence: string;
  /** Path of the page where it is put right. */
  href: string;
}

type Reader = Pick<Transaction, "select" | "execute">;

/** Everything that is missing, in the order of the list; empty when families may come. */
export async function missingForReal(
  tx: Reader,
  { origin = env.PUBLIC_ORIGIN }: { origin?: string } = {},
): Promise<Missing[]> {
  const rows = await readRows(tx);
  return [...missingValues(rows), ...invalidAddresses(rows, origin), ...(await missingDeeds(tx, rows))];
}

const pageOf = (key: SettingKey): string => {
  const section = (Object.keys(sections) as SectionName[]).find((name) =>
    (sections[name] as readonly SettingKey[]).includes(key),
  );
  return section === undefined ? base : `${base}/${section}`;
};

/** Required values that nobody gave, and values that are still the sample's. */
function missingValues(rows: Rows): Missing[] {
  return settingKeys.flatMap((key): Missing[] => {
    const value = givenValue(rows, key);
    const { label } = settingWords[key];
    if (value === undefined)
      return requiredKeys.includes(key)
        ? [{ code: `missing.${key}`, sentence: say.notGiven(label), href: pageOf(key) }]
        : [];
    return isSampleValue(key, value)
      ? [{ code: `sample.${key}`, sentence: say.isSample(label), href: pageOf(key) }]
      : [];
  });
}

/** RFC 2606 and JPRS keep these names for examples: no mail reaches them. */
const isExample = (address: string) => /[@.]example(?:\.[a-z]{2,3})?(?:\.[a-z]{2})?$/iu.test(address.trim());

function invalidAddresses(rows: Rows, origin: string): Missing[] {
  const sender = givenValue(rows, "mail_from.address");
  const receivers = (givenValue(rows, "notify") ?? []) as string[];
  const found: Missing[] = [];
  if (!origin.startsWith("https://")) found.push({ code: "origin", sentence: say.notHttps(origin), href: base });
  if (typeof sender === "string" && isExample(sender) && !isSampleValue("mail_from.address", sender))
    found.push({
      code: "example.mail_from.address",
      sentence: say.isExample(sender),
      href: pageOf("mail_from.address"),
    });
  if (!isSampleValue("notify", receivers))
    for (const address of receivers.filter(isExample))
      found.push({ code: "example.notify", sentence: say.isExample(address), href: pageOf("notify") });
  return found;
}

/** What somebody has to do or to confirm. */
async function missingDeeds(tx: Reader, rows: Rows): Promise<Missing[]> {
  const stage = (rows.get("stage") ?? "sample") as Stage;
  const [found] = await tx.execute<{ managers: number; tested: boolean; sample: boolean }>(sql`select
    (select count(*)::int from staff
      where role = 'manager' and disabled_at is null and two_factor_enabled) as managers,
    ${hasTestConsultation(stage)} as tested,
    (exists (select from leads where id in ${sampleLeads})
      or exists (select from ad_imports where file_hash = 'sample')) as sample`);
  const { managers = 0, tested = false, sample = false } = found ?? {};
  const list = (code: string, sentence: string, href = base): Missing => ({ code, sentence, href });
  return [
    ...(rows.get("confirmed.vault_key") === true || (await readKeysNoted(tx)).vault
      ? []
      : [list("vault_key", say.keyNotNoted)]),
    ...(managers >= 2 || rows.get("confirmed.one_manager") === true ? [] : [list("one_manager", say.oneManager)]),
    ...(tested ? [] : [list("test_consultation", say.notTested)]),
    ...(sample ? [list("sample_rows", say.sampleRows, `${base}/sample`)] : []),
  ];
}

/**
 * A consultation that came in by the form since somebody began with the settings, and that staff have opened, or
 * closed as テスト. An installation that is real already has had others.
 */
const hasTestConsultation = (stage: Stage) => sql`exists (
  select from consultations c join leads l on l.id = c.lead_id
  where l.channel in ('form', 'api')
    and (${stage === "real"} or l.received_at >= (
      select min(changed_at) from settings_changes where how in ('first_run', 'edit', 'import')))
    and (exists (select from case_reads r where r.case_id = c.case_id)
      or exists (select from closures x where x.case_id = c.case_id and x.reason = 'test')))`;
