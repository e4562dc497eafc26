/**
 * The entries of releases that had them as Markdown files in site/content. An update takes the files away that came with
 * the product; what a developer changed or added stays, and is taken over at the first start.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { isDay } from "#db/calendar/days.ts";
import { codes } from "#db/terms/codes.ts";
import { drawing, type Drawing, drawingFact } from "#db/terms/content-fields.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { locale as locales } from "#db/terms/locale.ts";
import type { ApprovalInFile, EntryInFile, TextInFile } from "./file.ts";

const former = fileURLToPath(new URL("../../site/content", import.meta.url));

type Values = Record<string, string>;
type Front = Record<string, unknown>;

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join("\n");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Folder → kind, and how a file's front matter and text become facts and body. */
const folders: Record<
  string,
  { kind: ContentKind; facts: (front: Front) => Values; body: (front: Front, text: string) => Values }
> = {
  worries: {
    kind: "worry",
    facts: () => ({ topic: "other", icon: "other", reader: "family" }),
    body: ({ words }, answer) => ({ words: asText(words), answer }),
  },
  cases: {
    kind: "story",
    facts: () => ({ picture: "" }),
    body: ({ title, who, asked }, now) => ({
      title: asText(title),
      who: asText(who),
      asked: asText(asked),
      gathered: "",
      now,
    }),
  },
  voices: {
    kind: "voice",
    facts: () => ({ picture: "" }),
    body: ({ from }, words) => ({ words, from: asText(from) }),
  },
  people: {
    kind: "person",
    facts: ({ photo }) => ({ picture: drawingOf(photo) }),
    body: ({ name, role }, lived) => ({ name: asText(name), role: asText(role), lived }),
  },
  partners: { kind: "partner", facts: () => ({}), body: ({ name }, does) => ({ name: asText(name), does }) },
  videos: {
    kind: "video",
    facts: ({ link, minutes }) => ({ link: asText(link), minutes: asText(minutes), picture: "" }),
    body: ({ title, site }, text) => ({ title: asText(title), site: asText(site), text }),
  },
  headlines: {
    kind: "headline",
    facts: ({ gids, campaigns, toProfessional }) => ({
      ...{ gids: asText(gids), campaigns: asText(campaigns) },
      to_professional: toProfessional === true ? "yes" : "",
    }),
    body: ({ headline, lead }) => ({ headline: asText(headline), lead: asText(lead) }),
  },
  events: {
    kind: "event",
    facts: ({ date, time }) => {
      const [starts = "", ends = ""] = asText(time).match(/\d{1,2}:\d{2}/gu) ?? [];
      return { day: asText(date), starts, ends };
    },
    body: ({ title, place, forWhom, apply }, text) => ({
      ...{ title: asText(title), place: asText(place), for_whom: asText(forWhom), apply: asText(apply), text },
    }),
  },
};

/** A portrait that came with the product. Another file has to be uploaded: nobody knows what it shows. */
function drawingOf(photo: unknown): string {
  const name = asText((photo as { file?: unknown } | undefined)?.file).replace(/\.svg$/u, "");
  return Object.hasOwn(drawing, name) ? drawingFact(name as Drawing) : "";
}

/** One file that could not be read, for the log. */
export interface Unread {
  file: string;
  reason: string;
}

/**
 * Every entry in such files, of all languages, in their order; nothing where there are none. What cannot be read is named
 * and left where it is. An entry's consent goes along with its reference and last day.
 */
export function readMarkdown(folder = former): { entries: EntryInFile[]; unread: Unread[] } {
  const unread: Unread[] = [];
  const entries = Object.entries(folders).flatMap(([name, shape]) => {
    const found = new Map<string, { entry: EntryInFile; order: string }>();
    for (const locale of codes(locales)) {
      // Headlines were written in Japanese alone, without a folder of the language.
      const place = shape.kind === "headline" ? join(folder, name) : join(folder, name, locale);
      if (!existsSync(place) || (shape.kind === "headline" && locale !== "ja")) continue;
      for (const file of readdirSync(place).filter((one) => one.endsWith(".md"))) {
        try {
          const { front, text } = partsOf(readFileSync(join(place, file), "utf8"));
          const slug = file
            .slice(0, -".md".length)
            .toLowerCase()
            .replaceAll(/[^a-z0-9]+/gu, "-");
          const { kind } = shape;
          const known = found.get(slug) ?? {
            entry: { kind, slug, facts: shape.facts(front), texts: {} },
            order: asText(front["order"] ?? front["date"]).padStart(10, "0") + slug,
          };
          known.entry.texts[locale] = textOf(front, shape.body(front, text));
          found.set(slug, known);
        } catch (error) {
          unread.push({ file: `${name}/${file}`, reason: error instanceof Error ? error.name : "unknown" });
        }
      }
    }
    return [...found.values()].toSorted((a, b) => (a.order < b.order ? -1 : 1)).map(({ entry }) => entry);
  });
  return { entries, unread };
}

function partsOf(source: string): { front: Front; text: string } {
  const [, head, text = ""] = /^\uFEFF?---\r?\n(.*?)\r?\n---\r?\n?(.*)$/su.exec(source) ?? [];
  if (head === undefined) throw new Error("no front matter");
  // Days without quotes stay text: YAML's own dates would make another day of 2026-09-31.
  const front: unknown = parse(head, { schema: "core" });
  if (typeof front !== "object" || front === null) throw new Error("no front matter");
  return { front: front as Front, text: text.replaceAll("\r\n", "\n").trim() };
}

function textOf(front: Front, published: Values): TextInFile {
  const approval = approvalOf(front);
  const origin = front["sample"] === true ? "sample" : "upgrade";
  return { origin, published, withdrawn: false, ...(approval && { approval }) };
}

/** Undefined without a day that exists: such an entry is kept and not shown until somebody records its consent. */
function approvalOf({ consent, expires }: Front): ApprovalInFile | undefined {
  const until = asText(expires);
  if (consent === undefined || !isDay(until)) return undefined;
  // Nobody noted when it was given: the first day of which the release knew.
  return { reference: asText(consent), given_on: "2026-04-01", until, channels: ["site"] };
}
