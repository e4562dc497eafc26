/** Atom feeds (RFC 4287), for people who would rather not give us an address. */

import { env } from "#db/env.ts";
import { escapeXml } from "#db/formats/xml.ts";
import { type Settings, settings } from "#db/settings/settings.ts";
import { renderMarkdown } from "#emails/markdown/html.ts";
import type { Material } from "#emails/markdown/material.ts";
import type { PublishedSummary } from "./archive.ts";

/** One entry of a feed; its content is safe HTML. */
export interface FeedEntry {
  title: string;
  url: string;
  at: Date;
  /** When its words changed last; absent: never since `at`. */
  changedAt?: Date;
  html: string;
  category?: string;
}

/** An Atom document about the page at `home`, without the origin: "/news". Entries newest first; times in UTC. */
export function atomFeed(home: string, title: string, entries: readonly FeedEntry[]): string {
  const page = env.PUBLIC_ORIGIN + home;
  const changes = entries.map(({ at, changedAt = at }) => changedAt.getTime());
  const written = entries.map(
    ({ title: name, url, at, changedAt = at, html, category }) => `<entry>
<title>${escapeXml(name)}</title>
<id>${escapeXml(env.PUBLIC_ORIGIN + url)}</id>
<link href="${escapeXml(env.PUBLIC_ORIGIN + url)}"/>
<published>${at.toISOString()}</published>
<updated>${changedAt.toISOString()}</updated>
${category === undefined ? "" : `<category term="${escapeXml(category)}"/>\n`}<content type="html">${escapeXml(html)}</content>
</entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">
<title>${escapeXml(`${settings().name.ja} ${title}`)}</title>
<id>${escapeXml(page)}</id>
<link href="${escapeXml(page)}"/>
<link rel="self" type="application/atom+xml" href="${escapeXml(page)}/feed.xml"/>
<updated>${new Date(Math.max(0, ...changes)).toISOString()}</updated>
<author><name>${escapeXml(settings().legalName.ja)}</name></author>
${written.join("\n")}
</feed>
`;
}

/** The feed that was asked for last, what it was made of, and the settings in force then. */
let last: { of: string; under: Settings; xml: string } | undefined;

/**
 * The archive of newsletters as a feed, newest first. `material`: what the blocks of their texts show. Kept until something of
 * it changes: anybody may ask, and many long texts take a second.
 */
export function feedOf(issues: readonly PublishedSummary[], material: Material): string {
  const of = JSON.stringify([issues, material]);
  if (last?.of !== of || last.under !== settings()) last = { of, under: settings(), xml: render(issues, material) };
  return last.xml;
}

const render = (issues: readonly PublishedSummary[], material: Material): string =>
  atomFeed(
    "/newsletter",
    "メールマガジン",
    issues.map(({ slug, subject, body, sentAt, correctedAt, list }) => ({
      ...{ title: subject, url: `/newsletter/${slug}`, at: sentAt, ...(correctedAt && { changedAt: correctedAt }) },
      ...{ html: renderMarkdown(body, material, env.PUBLIC_ORIGIN), category: list },
    })),
  );
