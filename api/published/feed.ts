/** What is new, as an Atom feed: the same entries as on the page /news, in Japanese. */

import { instantOf } from "#db/calendar/days.ts";
import { wordsIn } from "#db/words/words.ts";
import { atomFeed } from "#emails/newsletters/feed.ts";
import { contentHtml } from "./markdown.ts";
import { type Moment, textsIn } from "./published.ts";

/** The feed at this moment; of each piece of news the day at midnight in Asia/Tokyo. */
export function newsFeed(time: Moment): string {
  const entries = textsIn("news", "ja", time).map(({ slug, body, facts }) => ({
    ...{ title: body.title, url: `/news#news-${slug}`, at: instantOf(facts.day) },
    html: contentHtml(body.text),
  }));
  return atomFeed("/news", wordsIn("ja").landing.news, entries);
}
