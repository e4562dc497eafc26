/**
 * What each piece of published writing must say about itself. A family's case or words appear only
 * while their consent lasts: past its last day the build stops and names the entry.
 */
import { z } from "astro/zod";

const sentence = z.string().trim().min(1);

const consent = {
  /** Where the signed consent is filed. */
  consent: sentence,
  /** Last day, in Asia/Tokyo, on which the entry may be shown. */
  expires: z.coerce.date(),
};

const dayIn = (now: Date) => now.toLocaleDateString("sv-SE", { timeZone: "Asia/Tokyo" });

function needsConsent(now: Date) {
  return ({
    value,
    issues,
  }: z.core.ParsePayload<{ expires: Date; consent: string; title?: string; from?: string }>) => {
    const lastDay = value.expires.toISOString().slice(0, 10);
    if (lastDay >= dayIn(now)) return;
    const name = value.title ?? value.from ?? "";
    const message = `The consent ${value.consent} for "${name}" ended on ${lastDay}: renew it or take the entry down.`;
    issues.push({ code: "custom", input: value, path: ["expires"], message });
  };
}

/** A past consultation, told with the family's consent. */
export const caseSchema = (now = new Date()) =>
  z.strictObject({ title: sentence, who: sentence, asked: sentence, ...consent }).check(needsConsent(now));

/** Words of thanks; `from` says who speaks without naming them. */
export const voiceSchema = (now = new Date()) =>
  z.strictObject({ from: sentence, ...consent }).check(needsConsent(now));

export const partnerSchema = z.strictObject({ order: z.int(), name: sentence });

/** A worry in a parent's own words; the body says what we do then. */
export const worrySchema = z.strictObject({ order: z.int(), words: sentence });

/** A guide offered as PDF; the body is the very text printed in it. */
export const guideSchema = z.strictObject({
  title: sentence,
  /** The name a device saves it under. */
  fileName: sentence.regex(/\.pdf$/u),
  pages: z.int().positive(),
  forWhom: sentence,
  summary: sentence,
  updated: z.coerce.date(),
});
