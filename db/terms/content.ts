/** What the organisation publishes in the browser: the kinds of entries, who keeps each, and their states. */

import { codes } from "./codes.ts";
import type { Locale } from "./locale.ts";
import type { Role } from "./staff.ts";

export const contentKind = {
  worry: "心配ごと",
  story: "事例紹介",
  voice: "声",
  person: "相談を受ける人",
  partner: "連携先",
  video: "動画",
  headline: "広告からの見出し",
  event: "催し",
  faq: "よくある質問",
  news: "お知らせ",
  guide: "資料",
} as const;

export type ContentKind = keyof typeof contentKind;

/** Who writes and publishes the entries of each kind; what nobody else keeps is the managers'. */
export const contentKeepers: Record<ContentKind, readonly Role[]> = {
  worry: ["manager"],
  story: ["manager", "coordinator"],
  voice: ["manager", "fundraiser"],
  person: ["manager"],
  partner: ["manager"],
  video: ["manager"],
  headline: ["manager", "fundraiser"],
  event: ["manager", "fundraiser"],
  faq: ["manager"],
  news: ["manager", "fundraiser"],
  guide: ["manager", "coordinator"],
};

/** Everybody who keeps entries of some kind. */
export const contentRoles = ["manager", "coordinator", "fundraiser"] as const satisfies readonly Role[];

/** The kinds that a role keeps. */
export const kindsKeptBy = (role: Role): ContentKind[] =>
  codes(contentKind).filter((kind) => contentKeepers[kind].includes(role));

/** The Japanese of a guide is written with its PDF (api/guides), and is public as long as its file is offered. */
export const isWithPdf = (kind: ContentKind, locale: Locale): boolean => kind === "guide" && locale === "ja";

/** Kinds that appear only while the people they are about allow it. */
export const kindsWithConsent = ["story", "voice", "person"] as const satisfies readonly ContentKind[];

export const needsConsent = (kind: ContentKind): boolean => (kindsWithConsent as readonly ContentKind[]).includes(kind);

/** Kinds whose lists stand in the order of their days, and not in one that staff choose. */
export const datedKinds = ["event", "news"] as const satisfies readonly ContentKind[];

export const isDated = (kind: ContentKind): boolean => (datedKinds as readonly ContentKind[]).includes(kind);

/** Where a revision comes from. sample: invented, and shown only while the sample is. starter: came with the product. upgrade: from a release that had Markdown files. */
export const revisionOrigins = ["staff", "sample", "starter", "upgrade", "import"] as const;

export type RevisionOrigin = (typeof revisionOrigins)[number];

/** Where a family allows its words or picture to appear. */
export const approvalChannel = {
  site: "このサイト",
  newsletter: "メールマガジン",
  print: "冊子・ちらし・報告書",
  social: "SNS",
} as const;

export type ApprovalChannel = keyof typeof approvalChannel;

/** What must stay in view where a picture is cropped. */
export const focalPoint = {
  "top-left": "左上",
  top: "上",
  "top-right": "右上",
  left: "左",
  centre: "まん中",
  right: "右",
  "bottom-left": "左下",
  bottom: "下",
  "bottom-right": "右下",
} as const;

export type FocalPoint = keyof typeof focalPoint;
