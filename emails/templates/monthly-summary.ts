import { dayAfter } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import type { CostFigures, Estimate, KeywordFigures, MonthFigures, SummaryFigures } from "#db/schema/summaries.ts";
import { automaticHeaders, type MailBlock, type MailContent, mailContent } from "./mail-content.ts";

/**
 * The monthly summary of the keyword report, to one member of staff who wants it; in Japanese. Sums alone and the
 * organisation's own keywords. `month`: its first day, YYYY-MM-DD.
 */
export function monthlySummaryMail(of: { month: string; figures: SummaryFigures }): Promise<MailContent> {
  const { month, before, keywords } = of.figures;
  const name = nameOf(of.month);
  const earlier = nameOf(dayAfter(of.month, -1));
  const lastDay = dayAfter(`${dayAfter(of.month, 31).slice(0, 7)}-01`, -1);
  return mailContent(
    `キーワードと相談のまとめ（${name}）`,
    [
      `${name}の、広告のキーワードと相談のまとめです。かっこの中は、前の月（${earlier}）の数です。「広告からの相談」は直前の広告、「同（最初の接点）」は最初に来た広告で数えています。「相談した割合」は、広告からの着地のうち相談した人の割合です。`,
      { facts: countFacts(month, before) },
      ...costBlocks(month, before),
      ...keywordBlocks(keywords),
      {
        button: "画面で見る",
        link: `${env.PUBLIC_ORIGIN}/staff/keywords?from=${of.month}&to=${lastDay}`,
      },
      { label: "数え方", link: `${env.PUBLIC_ORIGIN}/staff/keywords/counting` },
      { label: "このまとめを止める", link: `${env.PUBLIC_ORIGIN}/staff/me` },
    ],
    automaticHeaders,
  );
}

/** "2026-10-01" → "2026年10月". */
const nameOf = (day: string): string => day.replace(/^(\d+)-0?(\d+)-.*$/u, "$1年$2月");

type Fact = readonly [string, string];

const number = (count: number): string => count.toLocaleString("en");
const tooFew = "件数が少なく、まだ言えません";
/** "12、うち要確認 2". */
const withDoubtful = ({ consultations, doubtful }: { consultations: number; doubtful: number }): string =>
  number(consultations) + (doubtful > 0 ? `、うち要確認 ${number(doubtful)}` : "");
const estimate = (figure: Estimate | undefined): string =>
  figure ? `${figure.value}（95%の幅 ${figure.low}〜${figure.high}）` : tooFew;

/** A figure beside that of the month before. */
const beside = (value: string, earlier: string): string => `${value}（${earlier}）`;

const countFacts = (month: MonthFigures, before: MonthFigures): Fact[] => [
  ["すべての相談", beside(withDoubtful(month), withDoubtful(before))],
  ["広告からの着地", beside(number(month.ofAds.landings), number(before.ofAds.landings))],
  ["広告からの相談", beside(withDoubtful(month.ofAds), withDoubtful(before.ofAds))],
  ["同（最初の接点）", beside(number(month.ofAds.firstConsultations), number(before.ofAds.firstConsultations))],
  ["相談した割合", estimate(month.wrote)],
  ["前の月は", estimate(before.wrote)],
];

/** One table for each currency: they are never added up. */
function costBlocks(month: MonthFigures, before: MonthFigures): MailBlock[] {
  const currencies = [...new Set([...month.costs, ...before.costs].map(({ currency }) => currency))];
  if (currencies.length === 0) return ["この2か月の費用のファイルは、まだ取り込まれていません。"];
  return [
    "費用は、取り込んだファイルの分だけです。「1件あたり」は、要確認を除いた相談の数で割ったものです。",
    ...currencies.map((currency) => {
      const [now, earlier] = [costIn(month, currency), costIn(before, currency)];
      return {
        facts: [
          [`費用（${currency}）`, beside(now?.cost ?? "ファイルなし", earlier?.cost ?? "ファイルなし")],
          ["1件あたり", now ? estimate(now.each) : "－"],
          ["前の月は", earlier ? estimate(earlier.each) : "－"],
        ] satisfies Fact[],
      };
    }),
  ];
}

const costIn = ({ costs }: MonthFigures, currency: string): CostFigures | undefined =>
  costs.find((cost) => cost.currency === currency);

function keywordBlocks(keywords: KeywordFigures[]): MailBlock[] {
  if (keywords.length === 0) return [];
  return [
    "相談の多いキーワード",
    {
      facts: keywords.map((row, at) => [
        `${at + 1}`,
        `${row.keyword}［${row.campaign}］ 相談 ${beside(withDoubtful(row), number(row.consultationsBefore))}、着地 ${number(row.landings)}`,
      ]),
    },
  ];
}
