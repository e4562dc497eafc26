/**
 * What a text may name instead of writing it out: {{reply_days}} becomes the number that is set. The list is closed;
 * a text that names anything else is refused when it is saved.
 */

import type { Settings } from "#db/settings/settings.ts";
import { areaIn, contactUs, hoursLabel, withinDays } from "#db/settings/wording.ts";
import type { Locale } from "#db/terms/locale.ts";
import { keepDraftDays, keepProofYears, keepUnconfirmedDays } from "#db/terms/privacy.ts";

interface Placeholder {
  /** What it stands for, for staff. */
  label: string;
  /** Plain text; whoever puts it into HTML escapes it. */
  value: (settings: Settings, locale: Locale) => string;
}

/** Name → what it becomes. */
export const placeholders = {
  name: { label: "団体の名前", value: (s, locale) => s.name[locale] },
  legal_name: { label: "法人の名前", value: (s, locale) => s.legalName[locale] },
  purpose: { label: "団体をひとことで", value: (s, locale) => s.purpose[locale] },
  area: { label: "都道府県", value: (s, locale) => areaIn(locale, s) },
  address: { label: "所在地", value: (s, locale) => s.address[locale] },
  phone: { label: "電話番号", value: (s) => s.phone },
  contact_us: {
    label: "連絡のしかた（「お電話ください」。電話がなければ、メール）",
    value: (s, locale) => contactUs(locale, s),
  },
  hours: { label: "受付時間", value: (s, locale) => hoursLabel(locale, s) },
  reply_days: { label: "お返事までの日数（数だけ）", value: (s) => String(s.replyDays) },
  within_days: { label: "お返事までの日数（「土日をのぞく3日以内」）", value: withinDays },
  keep_years: { label: "相談の記録を保管する年数", value: (s) => String(s.keepYears) },
  keep_request_years: { label: "資料の申し込みを保管する年数", value: (s) => String(s.keepRequestYears) },
  keep_backup_days: { label: "複製を保管する日数", value: (s) => String(s.keepBackupDays) },
  keep_unconfirmed_days: {
    label: "確認されなかった読者のアドレスを保管する日数",
    value: () => String(keepUnconfirmedDays),
  },
  keep_proof_years: { label: "やめた読者の同意の記録を保管する年数", value: () => String(keepProofYears) },
  keep_draft_days: { label: "職員の下書きを保管する日数", value: () => String(keepDraftDays) },
} satisfies Record<string, Placeholder>;

export type PlaceholderName = keyof typeof placeholders;

/** A placeholder in a text: two braces, a name, two braces. The name may be unknown. */
export const placeholderPattern = /\{\{([^{}\n]{0,60})\}\}/gu;

const isKnown = (name: string): name is PlaceholderName => Object.hasOwn(placeholders, name);

/** The names in a text, each once, and which of them are unknown. Braces without an end or a name count as unknown. */
export function placeholdersIn(text: string): { known: PlaceholderName[]; unknown: string[] } {
  const names = [...new Set([...text.matchAll(placeholderPattern)].map(([, name = ""]) => name))];
  const rest = text.replaceAll(placeholderPattern, "");
  const stray = /\{\{|\}\}/u.exec(rest);
  return {
    known: names.filter(isKnown),
    unknown: [...names.filter((name) => !isKnown(name)).map((name) => `{{${name}}}`), ...(stray ? [stray[0]] : [])],
  };
}

/** What a placeholder becomes, plain; undefined for an unknown one. */
export const placeholderValue = (name: string, settings: Settings, locale: Locale): string | undefined =>
  isKnown(name) ? placeholders[name].value(settings, locale) : undefined;

/** A plain text with these placeholders filled in, or with all of them; what is unknown stays. It is not HTML. */
export const fillPlain = (
  text: string,
  settings: Settings,
  locale: Locale,
  which: (name: string) => boolean = () => true,
): string =>
  text.replaceAll(placeholderPattern, (whole, name: string) =>
    which(name) ? (placeholderValue(name, settings, locale) ?? whole) : whole,
  );
