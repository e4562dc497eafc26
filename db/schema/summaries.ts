/** The monthly summary of the keyword report by mail: who wants it, and what was sent. */

import { date, jsonb, pgTable, primaryKey, unique, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { deliveries } from "./mail.ts";
import { staff } from "./staff.ts";

/** Members of staff who want it; without a row nothing is sent. */
export const summaryReaders = pgTable("summary_readers", {
  staffId: uuid("staff_id")
    .primaryKey()
    .references(() => staff.id, { onDelete: "cascade" }),
  /** Summaries that were due earlier are not sent. */
  wantedAt: instant("wanted_at").notNull(),
});

/** One summary of one person: its row is written with the delivery, so that neither is there without the other. */
export const summaryMails = pgTable(
  "summary_mails",
  {
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id, { onDelete: "cascade" }),
    /** First day of the month it is about. */
    month: date("month", { mode: "string" }).notNull(),
    figures: jsonb("figures").$type<SummaryFigures>().notNull(),
    deliveryId: uuid("delivery_id").references(() => deliveries.id),
  },
  (t) => [primaryKey({ columns: [t.staffId, t.month] }), unique("summary_mails_delivery").on(t.deliveryId)],
);

/** Sums alone, and keywords of the organisation's own advertisements: no person and no text of anybody. */
export interface SummaryFigures {
  month: MonthFigures;
  before: MonthFigures;
  /** The keywords with the most consultations of the month, at most five. */
  keywords: KeywordFigures[];
}

export interface MonthFigures {
  /** All requests for help, however they came, and how many of them nobody has checked yet. */
  consultations: number;
  doubtful: number;
  /** Of advertisements alone; consultations by the last one before them and by the first. */
  ofAds: { landings: number; consultations: number; doubtful: number; firstConsultations: number };
  /** Of the landings of advertisements, how many wrote, in per cent; absent where they are too few to tell. */
  wrote?: Estimate | undefined;
  /** By currency. */
  costs: CostFigures[];
}

/** A figure with the ends of its interval of 95 %, as people read them. */
export interface Estimate {
  value: string;
  low: string;
  high: string;
}

export interface CostFigures {
  currency: string;
  cost: string;
  /** Cost of each consultation; absent where they are too few to tell. */
  each?: Estimate | undefined;
}

export interface KeywordFigures {
  keyword: string;
  campaign: string;
  consultations: number;
  doubtful: number;
  landings: number;
  /** In the month before. */
  consultationsBefore: number;
}
