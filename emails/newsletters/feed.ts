/** The archive as an Atom feed (RFC 4287), for people who would rather not give us an address. */

import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { renderMarkdown } from "#emails/templates/markdown.ts";
import type { Published } from "./archive.ts";

// XML 1.0 has no way to write control characters, not even as character references: they are left out.
const escape = (text: string) =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/gu, "")
    .replace(/[&<>"]/gu, (character) => `&#${character.charCodeAt(0)};`);

/** The Atom document of these issues, newest first; times in UTC. */
export function feedOf(issues: Published[]): string {
  const home = `${env.PUBLIC_ORIGIN}/newsletter`;
  const entries = issues.map(
    ({ slug, subject, body, sentAt, list }) => `<entry>
<title>${escape(subject)}</title>
<id>${escape(`${home}/${slug}`)}</id>
<link href="${escape(`${home}/${slug}`)}"/>
<published>${sentAt.toISOString()}</published>
<updated>${sentAt.toISOString()}</updated>
<category term="${escape(list)}"/>
<content type="html">${escape(renderMarkdown(body))}</content>
</entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">
<title>${escape(`${settings().name.ja} メールマガジン`)}</title>
<id>${escape(home)}</id>
<link href="${escape(home)}"/>
<link rel="self" type="application/atom+xml" href="${escape(home)}/feed.xml"/>
<updated>${(issues[0]?.sentAt ?? new Date(0)).toISOString()}</updated>
<author><name>${escape(settings().legalName.ja)}</name></author>
${entries.join("\n")}
</feed>
`;
}
