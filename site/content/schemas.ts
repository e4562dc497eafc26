/**
 * What each piece of published writing must say about itself. A family's case, somebody's words or a
 * picture appear only while their consent lasts: past its last day the build stops and names the entry,
 * and a page built earlier no longer shows it (api/pages/page-time.ts).
 */

import { z } from "astro/zod";
import { isOnCalendar } from "#db/calendar/days.ts";

const sentence = z.string().trim().min(1);

/** Invented, and shown only while the sample is (db/settings/keys.ts, `stage`). */
const sample = z.boolean().default(false);

/**
 * A day as "YYYY-MM-DD", in quotes: without them YAML itself would turn the thirty-first of September
 * quietly into the first of October.
 */
const day = z
  .string({ error: 'Write the day in quotes, as "2026-12-05".' })
  .refine((value) => /^\d{4}-\d{2}-\d{2}$/u.test(value) && isOnCalendar(value), "There is no such day.");

const dayIn = (now: Date) => now.toLocaleDateString("sv-SE", { timeZone: "Asia/Tokyo" });

/** Where the signed consent is filed, and the last day, in Asia/Tokyo, on which it allows to show this. */
function consented(now: Date) {
  const today = dayIn(now);
  return {
    consent: sentence,
    expires: day,
    check:
      (name: (value: Record<string, unknown>) => unknown) =>
      ({ value, issues }: z.core.ParsePayload<{ consent: string; expires: string }>) => {
        if (value.expires >= today) return;
        const message = `The consent ${value.consent} for "${String(name(value))}" ended on ${value.expires}: renew it or take the entry down.`;
        issues.push({ code: "custom", input: value, path: ["expires"], message });
      },
  };
}

/** A past consultation, told with the family's consent. */
export function caseSchema(now = new Date()) {
  const { consent, expires, check } = consented(now);
  return z
    .strictObject({ sample, title: sentence, who: sentence, asked: sentence, consent, expires })
    .check(check(({ title }) => title));
}

/** Words of thanks; `from` says who speaks without naming them. */
export function voiceSchema(now = new Date()) {
  const { consent, expires, check } = consented(now);
  return z.strictObject({ sample, from: sentence, consent, expires }).check(check(({ from }) => from));
}

/** Who answers: staff, and people who were ill as children. A picture carries a consent of its own. */
export function personSchema(now = new Date()) {
  const { consent, expires, check } = consented(now);
  const photo = z
    .strictObject({ file: sentence.regex(/^[\w-]+\.(?:svg|webp|png)$/u), alt: sentence, consent, expires })
    .check(check(({ file }) => file));
  return z
    .strictObject({ sample, order: z.int(), name: sentence, role: sentence, consent, expires, photo: photo.optional() })
    .check(check(({ name }) => name));
}

export const partnerSchema = z.strictObject({ sample, order: z.int(), name: sentence });

/** A worry in a parent's own words; the body says what we do then. */
export const worrySchema = z.strictObject({ order: z.int(), words: sentence });

/** Something to come to; no longer shown after its day. */
export const eventSchema = z.strictObject({
  sample,
  title: sentence,
  date: day,
  time: sentence,
  place: sentence,
  forWhom: sentence,
  apply: sentence,
});

/** A video that lies with another company; the body is what is said in it. */
export const videoSchema = z.strictObject({
  sample,
  title: sentence,
  minutes: z.number().positive(),
  /** Name of the site that the link leads to. */
  site: sentence,
  link: z.url({ protocol: /^https$/u }),
});

/** The hero for those who come from certain advertisements. */
export const headlineSchema = z.strictObject({
  headline: sentence,
  lead: sentence,
  /** Ids of advertisement groups, as in `gid`. */
  gids: z.array(z.string().regex(/^\d+$/u)).default([]),
  /** Values of `utm_campaign`. */
  campaigns: z.array(sentence).default([]),
  /** The button leads to the form for professionals. */
  toProfessional: z.boolean().default(false),
});

/** A guide that comes with the product as PDF; the body is the very text printed in it. */
export const guideSchema = z.strictObject({
  title: sentence,
  /** The name a device saves it under. */
  fileName: sentence.regex(/\.pdf$/u),
  pages: z.int().positive(),
  forWhom: sentence,
  summary: sentence,
  updated: z.coerce.date(),
});
