/** What a family or a professional may send when asking for help. */

import { z } from "zod";
import {
  consentText,
  mustAgree,
  sharedFields,
  inEach,
  mailAddress,
  type ErrorWords,
  text,
  requiredText,
} from "#api/forms/fields.ts";
import { isMunicipalityAnswer } from "#db/municipalities/codes.ts";
import { asker } from "#db/terms/askers.ts";
import { callAs, callMessage } from "#db/terms/calls.ts";
import { codes } from "#db/terms/codes.ts";
import { heardFrom, relation, replyBy, schoolStage, topic } from "#db/terms/consultation.ts";
import { numberToDial } from "./phone-numbers.ts";

const choice = <const T extends Record<string, string>>(terms: T, error: string) => z.enum(codes(terms), { error });

/** A telephone number in Japan, as it was typed; an extension may stand behind it. */
export const phoneNumber = (say: ErrorWords) =>
  text(40, say.phoneLong, undefined, say).refine((value) => numberToDial(value) !== undefined, say.phoneShape);

/** Wishes for those who choose a call. */
export const callWishFields = (say: ErrorWords) => ({
  call_as: choice(callAs, say.unknown).optional(),
  call_message: choice(callMessage, say.unknown).optional(),
  call_when: text(200, say.callLong, undefined, say).optional(),
  call_who: text(200, say.callLong, undefined, say).optional(),
});

/** Any municipality or ward of Japan by its code of five digits, or "other"; the page offers those that are served. */
const municipality = (say: ErrorWords) =>
  z
    .string({ error: say.municipality })
    .refine(isMunicipalityAnswer, say.municipality)
    .meta({ pattern: "^(?:\\d{5}|other)$" });

const severalOf = <const T extends Record<string, string>>(terms: T, error: string) =>
  z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(choice(terms, error), { error }).max(20, error),
  );

/** Lets a check across fields run even when other fields are wrong, so that all errors are shown at once. */
const isObject = ({ value }: { value: unknown }) => value !== null && typeof value === "object";

const define = (say: ErrorWords) =>
  z
    .strictObject({
      message: requiredText(4000, say.messageLong, say.messageMissing, say),
      reply_by: choice(replyBy, say.replyByMissing),
      email: mailAddress(say).optional(),
      phone: phoneNumber(say).optional(),
      name: text(100, say.nameLong, undefined, say).optional(),
      /** Where a professional works, and as what. */
      affiliation: text(100, say.affiliationLong, undefined, say).optional(),
      relation: choice(relation, say.relation).optional(),
      topics: severalOf(topic, say.topics).optional(),
      school_stage: choice(schoolStage, say.schoolStage).optional(),
      municipality: municipality(say).optional(),
      heard_from: choice(heardFrom, say.heardFrom).optional(),
      ...callWishFields(say),
      /** Which of the forms it was: each has its own questions and its own sentence of consent. */
      asker: choice(asker, say.unknown).optional(),
      consent: mustAgree(say),
      consent_text: consentText,
      ...sharedFields(say),
    })
    .refine((form) => form.reply_by !== "email" || form.email !== undefined, {
      path: ["email"],
      error: say.emailForReply,
      when: isObject,
    })
    .refine((form) => form.reply_by !== "phone" || form.phone !== undefined, {
      path: ["phone"],
      error: say.phoneForReply,
      when: isObject,
    })
    .refine((form) => form.asker !== "professional" || form.relation !== undefined, {
      path: ["relation"],
      error: say.relationMissing,
      when: isObject,
    });

/** The form in each language. */
export const consultationForms = inEach(define);

export const ConsultationForm = consultationForms.ja;

export type ConsultationForm = z.output<typeof ConsultationForm>;
