/** What was answered in the consultation form, as people read it before they send it. */

import { answerName } from "#db/municipalities/names.ts";
import { settings } from "#db/settings/settings.ts";
import { askerIn } from "#db/terms/askers.ts";
import type { Locale } from "#db/terms/locale.ts";
import { type Words, wordsIn } from "#db/words/words.ts";
import { formWords } from "./form-words.ts";

export interface GivenAnswer {
  /** Name of the field, and id of its input in the form. */
  name: string;
  label: string;
  /** Empty when nothing was answered. */
  text: string;
}

/** The questions of the form in its own order, each with its answer. */
export function answersOf(values: Record<string, unknown>, locale: Locale): GivenAnswer[] {
  const { form, terms } = wordsIn(locale);
  const asker = askerIn(values);
  const labels = formWords(locale, asker);
  const typed = (name: string) => (typeof values[name] === "string" ? values[name] : "");
  const chosen = (name: string, options: Record<string, string>) =>
    [values[name]]
      .flat()
      .flatMap((code) => (typeof code === "string" ? (options[code] ?? []) : []))
      .join(locale === "en" ? ", " : "、");
  const { municipality } = values;
  const place =
    typeof municipality === "string" ? answerName(municipality, [settings().values.prefecture], locale) : "";
  const message = { name: "message", label: labels.message.label, text: typed("message") };
  const reply = [
    { name: "reply_by", label: form.replyBy.label, text: chosen("reply_by", terms.replyBy) },
    { name: "email", label: form.email.label, text: typed("email") },
    { name: "phone", label: form.phoneNumber.label, text: typed("phone") },
    ...(values["reply_by"] === "phone" ? callAnswers(form.calls, typed, chosen) : []),
  ];
  const who = [
    { name: "name", label: labels.name.label, text: typed("name") },
    ...(asker === "self"
      ? []
      : [{ name: "relation", label: labels.relation.label, text: chosen("relation", terms.relation) }]),
    ...(asker === "professional"
      ? [{ name: "affiliation", label: labels.affiliation.label, text: typed("affiliation") }]
      : []),
    { name: "school_stage", label: labels.schoolStage.label, text: chosen("school_stage", terms.schoolStage) },
    { name: "municipality", label: labels.municipality.label, text: place },
    { name: "topics", label: labels.topics.label, text: chosen("topics", terms.topic) },
    { name: "heard_from", label: form.heardFrom.label, text: chosen("heard_from", terms.heardFrom) },
  ];
  return [message, ...reply, ...who];
}

/** Those that were given alone: nobody is asked for them once more. */
function callAnswers(
  words: Words["form"]["calls"],
  typed: (name: string) => string,
  chosen: (name: string, options: Record<string, string>) => string,
): GivenAnswer[] {
  return [
    { name: "call_as", label: words.as, text: chosen("call_as", words.asOptions) },
    { name: "call_message", label: words.message, text: chosen("call_message", words.messageOptions) },
    { name: "call_when", label: words.when.label, text: typed("call_when") },
    { name: "call_who", label: words.who.label, text: typed("call_who") },
  ].filter(({ text }) => text !== "");
}
