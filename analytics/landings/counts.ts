/** What is counted of landings and leads. */

/** What is counted, for a line of the report or for all. The names stand in the JSON of `report keywords`. */
export interface Counts {
  /** Visits of people: no crawlers, no pages fetched ahead, Back and reload once (analytics/clicks/visit.ts). */
  landings: number;
  /** Of the landings, those that opened the form for a consultation. */
  formsOpened: number;
  downloads: number;
  subscriptions: number;
  /** Requests for help by the last advertisement before them, without those closed as no consultation or as a test. */
  consultations: number;
  /** Of these, the ones that nobody has decided on yet ("check first"): no rate and no cost counts them. */
  doubtful: number;
  /** Landings that led to at least one consultation which is not doubtful: several through one are one. */
  people: number;
  /** The same consultations by the first advertisement that the family is known to have come by. */
  firstConsultations: number;
}

export const noCounts: Counts = {
  landings: 0,
  formsOpened: 0,
  downloads: 0,
  subscriptions: 0,
  consultations: 0,
  doubtful: 0,
  people: 0,
  firstConsultations: 0,
};

const fields = Object.keys(noCounts) as (keyof Counts)[];

/** Adds `counts` to `sum`. */
export function addCounts(sum: Counts, counts: Counts): void {
  for (const field of fields) sum[field] += counts[field];
}

/** The counts of a row; what it does not say is 0. */
export const countsOf = (row: Partial<Counts>): Counts => ({
  landings: row.landings ?? 0,
  formsOpened: row.formsOpened ?? 0,
  downloads: row.downloads ?? 0,
  subscriptions: row.subscriptions ?? 0,
  consultations: row.consultations ?? 0,
  doubtful: row.doubtful ?? 0,
  people: row.people ?? 0,
  firstConsultations: row.firstConsultations ?? 0,
});
