/** Invented numbers of the last four closed quarters, with small ones withheld as those of an organisation are. */

import type { Executor } from "#db/client.ts";
import { publishedQuarters } from "#db/schema/published-numbers.ts";
import { settings } from "#db/settings/settings.ts";
import { quarterAfter } from "#db/terms/quarters.ts";
import type { CountedNumbers } from "./count.ts";
import { lastClosed } from "./publish.ts";
import { withholdNumbers } from "./withhold.ts";

const answered = (...counts: number[]) => counts.flatMap((count, days) => Array<number>(count).fill(days));

/** Oldest first. */
const invented: CountedNumbers[] = [
  { consultations: 34, guides: 7, inTime: 24, answerDays: answered(4, 9, 8, 6, 4) },
  { consultations: 41, guides: 58, inTime: 31, answerDays: answered(8, 14, 9, 6, 2) },
  { consultations: 52, guides: 73, inTime: 48, answerDays: answered(15, 22, 9, 3) },
  { consultations: 47, guides: 81, inTime: 47, answerDays: answered(17, 21, 7) },
];

/** Stores them. Returns how many quarters. */
export async function insertSampleNumbers(tx: Executor, now: Date): Promise<number> {
  const threshold = settings().values.publish_threshold;
  const rows = invented.map((counted, at) => ({
    ...{ quarter: quarterAfter(lastClosed(now), at + 1 - invented.length), isSample: true, publishedAt: now },
    numbers: withholdNumbers(counted, threshold),
  }));
  await tx.insert(publishedQuarters).values(rows);
  return rows.length;
}
