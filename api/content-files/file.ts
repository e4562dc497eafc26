/**
 * Entries as one file: what `exportContent` writes and `importContent` reads. The entries that come with the product
 * (starter.json) are such a file.
 */

import { z } from "zod";
import { isDay } from "#db/calendar/days.ts";
import { codes } from "#db/terms/codes.ts";
import { approvalChannel, contentKind, focalPoint, revisionOrigins } from "#db/terms/content.ts";
import { locale } from "#db/terms/locale.ts";

const day = z.string().refine(isDay);
const values = z.record(z.string().max(60), z.string().max(20_000));

/** A consent, without the name of who gave it: a file may get into other hands. */
const Approval = z.strictObject({
  reference: z.string().max(200),
  given_on: day,
  until: day,
  channels: z.array(z.enum(codes(approvalChannel))),
});

export type ApprovalInFile = z.output<typeof Approval>;

const Text = z.strictObject({
  origin: z.enum(revisionOrigins).default("import"),
  published: values.optional(),
  /** Takes the place of `published` at this moment. */
  scheduled: z.strictObject({ body: values, at: z.iso.datetime() }).optional(),
  /** Newer than what is published or scheduled. */
  draft: values.optional(),
  withdrawn: z.boolean().default(false),
  /** Consent to what is published, and to what is scheduled. */
  approval: Approval.optional(),
  scheduled_approval: Approval.optional(),
  /** The published text is a translation of what is published in this language, and its consent is that one's. */
  translates: z.enum(codes(locale)).optional(),
  /** The Japanese text with which this translation agrees. */
  made_from: values.optional(),
});

export type TextInFile = z.output<typeof Text>;

const Picture = z.strictObject({
  needs_consent: z.boolean(),
  focal_point: z.enum(codes(focalPoint)),
  alt: z.partialRecord(z.enum(codes(locale)), z.string().max(300)),
  files: z.array(
    z.strictObject({
      variant: z.enum(["small", "large", "master"]),
      type: z.enum(["image/webp", "image/jpeg"]),
      width: z.int().positive(),
      height: z.int().positive(),
      content: z.base64(),
    }),
  ),
});

export type PictureInFile = z.output<typeof Picture>;

const Entry = z.strictObject({
  kind: z.enum(codes(contentKind)),
  slug: z.string().regex(/^[a-z0-9-]{1,60}$/u),
  facts: values,
  texts: z.partialRecord(z.enum(codes(locale)), Text),
  /** Consent to the picture that the facts name. */
  picture_approval: Approval.optional(),
});

export type EntryInFile = z.output<typeof Entry>;

/** Entries stand in the order of their lists. A picture is named by its id. */
export const ContentFile = z.strictObject({
  format: z.literal("komichi-content"),
  version: z.literal(1),
  pictures: z.record(z.uuid(), Picture).default({}),
  entries: z.array(Entry),
});

export type ContentFile = z.output<typeof ContentFile>;
