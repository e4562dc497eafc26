/** The advertising parameters in the URL of a landing. Pure. */

import { withoutControls } from "#analytics/controls.ts";
import { matchTypeOf } from "#analytics/keyword.ts";
import type { KeywordMissing, MatchType } from "#db/terms/attribution.ts";

/** The advertising parameters of one landing. Absent: not in its URL. */
export interface Attribution {
  /** "gclid:…", "yclid:…" or "msclkid:…", case kept: names one click. */
  clickKey?: string;
  /** gbraid and wbraid, which do not name one click, and auto-tagging's gad_*. */
  extras: Record<string, string>;
  campaignId?: string;
  adGroupId?: string;
  targetId?: string;
  keyword?: string;
  /** Why there is no keyword; exactly one of the two is set. */
  keywordMissing?: KeywordMissing;
  matchType?: MatchType;
  network?: string;
  device?: string;
  creative?: string;
  location?: string;
  utmSource?: string;
  utmMedium?: string;
  utmCampaign?: string;
  utmTerm?: string;
  utmContent?: string;
  utmId?: string;
  /** Somebody paid for it; see `isAdvertisement`. */
  isAdvertisement: boolean;
}

const clickIds = ["gclid", "yclid", "msclkid"] as const;

const extraNames = ["gbraid", "wbraid", "gad_source", "gad_campaignid"] as const;

const utmNames = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id"] as const;

const ourNames = ["cid", "gid", "tid", "kw", "mt", "nw", "dv", "cr", "lp"] as const;

type Name =
  | (typeof ourNames)[number]
  | (typeof clickIds)[number]
  | (typeof extraNames)[number]
  | (typeof utmNames)[number];

const names: ReadonlySet<string> = new Set<Name>([...ourNames, ...clickIds, ...extraNames, ...utmNames]);

/**
 * Mediums that stand for paid traffic in `utm_medium`, as Google Analytics groups them (paid search, paid social,
 * paid video, display): https://support.google.com/analytics/answer/9756891
 */
const paidMedium = /^(?:.*cp.*|ppc|retargeting|paid.*|display|banner|expandable|interstitial)$/iu;

/** Our own parameters that only the suffix of an advertisement fills. */
const adNames = ["cid", "gid", "tid", "kw"] as const;

/**
 * An advertisement is a landing with a click id or auto-tagging, with an id or keyword of ours, or with a paid medium.
 * Everything else (newsletter, social network, QR code) is another link: it is counted by source and medium and never
 * joined to anybody's cost.
 */
export function isAdvertisement(query: URLSearchParams): boolean {
  const hasText = (name: string) => (query.get(name) ?? "").trim() !== "";
  return (
    [...clickIds, ...extraNames].some(hasText) ||
    adNames.some((name) => query.has(name)) ||
    paidMedium.test((query.get("utm_medium") ?? "").trim())
  );
}

/** Characters kept of a parameter. */
const maxLength = 200;

/** A placeholder that the advertising side left unexpanded, at times encoded twice. */
const placeholder = /^(?:\{|%7b).*(?:\}|%7d)$/iu;

/** Safe to store: no controls, no half of a character (which PostgreSQL refuses), short. */
export const printable = (value: string) =>
  [...withoutControls(value.toWellFormed())].slice(0, maxLength).join("").trim();

/** Whether a query has any advertising parameter: what is asked of every request, before anything that costs more. */
export function isLanding(query: URLSearchParams): boolean {
  for (const name of query.keys()) if (names.has(name)) return true;
  return false;
}

/**
 * The advertising parameters of a URL, made safe to store: anybody can write anything into a URL.
 * Undefined when there is none. Ids are kept letter by letter (gbraid and wbraid know case).
 */
export function attributionOf(query: URLSearchParams): Attribution | undefined {
  if (!isLanding(query)) return undefined;
  const value = (name: Name) => {
    const text = printable(query.get(name) ?? "");
    return text === "" || placeholder.test(text) ? undefined : text;
  };
  const extras = extraNames.flatMap((name) => {
    const text = value(name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return {
    clickKey: clickKeyOf(query),
    extras: Object.fromEntries(extras),
    campaignId: value("cid"),
    adGroupId: value("gid"),
    targetId: value("tid"),
    ...keywordOf(query),
    matchType: matchTypeOf(value("mt")),
    network: value("nw"),
    device: value("dv"),
    creative: value("cr"),
    location: value("lp"),
    utmSource: value("utm_source"),
    utmMedium: value("utm_medium"),
    utmCampaign: value("utm_campaign"),
    utmTerm: value("utm_term"),
    utmContent: value("utm_content"),
    utmId: value("utm_id"),
    isAdvertisement: isAdvertisement(query),
  };
}

/** An id too long to keep whole is not kept at all: cut, it could be another click's. */
function clickKeyOf(query: URLSearchParams): string | undefined {
  for (const name of clickIds) {
    const id = withoutControls(query.get(name) ?? "").trim();
    if (id !== "" && id.length <= maxLength && !placeholder.test(id)) return `${name}:${id}`;
  }
  return undefined;
}

function keywordOf(query: URLSearchParams): Pick<Attribution, "keyword" | "keywordMissing"> {
  const ours = query.get("kw");
  const text = printable(ours ?? query.get("utm_term") ?? "");
  if (placeholder.test(text)) return { keywordMissing: "literal" };
  if (text !== "") return { keyword: text };
  return { keywordMissing: ours === null ? "absent" : "empty" };
}
