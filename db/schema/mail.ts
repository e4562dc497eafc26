/** Who asked for mail, what is to be sent, and the ledger of everything ever sent. */

import { type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { type AnyPgColumn, boolean, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { deliveryKind, deliveryState, newsletterState, unsubscribeReason } from "#db/terms/mail.ts";
import { bytea, id, instant } from "./columns.ts";
import { downloadGrants } from "./guides.ts";
import { leads } from "./leads.ts";
import { messages } from "./messages.ts";
import { invitations, staff } from "./staff.ts";

export const subscribers = pgTable("subscribers", {
  id: id(),
  wrappedKey: bytea("wrapped_key"),
  /** Sealed mail address. */
  email: bytea("email"),
  emailIndex: bytea("email_index").unique(),
  createdAt: instant("created_at").notNull().defaultNow(),
  /** Of the form that asked for the newsletter: the language of the mail to confirm and of the pages behind its links. */
  locale: text("locale", { enum: codes(locale) })
    .notNull()
    .default("ja"),
  /** When the latest confirmation mail went out, or will: the next one is due a day later at the earliest. */
  confirmationMailAt: instant("confirmation_mail_at"),
});

export const lists = pgTable("lists", {
  id: id(),
  slug: text("slug").notNull().unique(),
  name: text("name").notNull(),
  /** A sentence for those who choose. */
  description: text("description").notNull().default(""),
  position: integer("position").notNull().default(0),
  /** Whether anybody may subscribe on the site; what is written to others is not published on the web unless somebody decides so. */
  isPublic: boolean("is_public").notNull().default(true),
  /** Where answers to its issues go; empty: to the sender of our mails. */
  replyTo: text("reply_to").notNull().default(""),
});

/** The exact words a person agreed to, kept as proof 3 years after the last mail; and every version that forms have shown. */
export const consentTexts = pgTable("consent_texts", {
  id: id(),
  body: text("body").notNull().unique(),
  createdAt: instant("created_at").notNull().defaultNow(),
  /** What forms send back of the words they showed (db/consents/versions.ts); null for words of before. */
  version: text("version").unique(),
  /** The form or box: a key of the topic `consents` of the dictionary. */
  kind: text("kind"),
  locale: text("locale", { enum: codes(locale) }),
  /** Since when forms show other words. */
  replacedAt: instant("replaced_at"),
});

export const subscriptions = pgTable(
  "subscriptions",
  {
    id: id(),
    subscriberId: uuid("subscriber_id")
      .notNull()
      .references(() => subscribers.id),
    listId: uuid("list_id")
      .notNull()
      .references(() => lists.id),
    state: text("state", { enum: ["pending", "confirmed", "unsubscribed"] }).notNull(),
    consentTextId: uuid("consent_text_id")
      .notNull()
      .references(() => consentTexts.id),
    /** Path of the form that asked. */
    form: text("form").notNull(),
    requestedAt: instant("requested_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    confirmedAt: instant("confirmed_at"),
    unsubscribedAt: instant("unsubscribed_at"),
    /** Given afterwards, by choice. */
    unsubscribeReason: text("unsubscribe_reason", { enum: codes(unsubscribeReason) }),
  },
  (t) => [
    uniqueIndex("subscriptions_pair").on(t.subscriberId, t.listId),
    index("subscriptions_list").on(t.listId, t.state),
  ],
);

/** Addresses that must not be written to, whatever else the tables say. */
export const suppressions = pgTable("suppressions", {
  emailIndex: bytea("email_index").primaryKey(),
  reason: text("reason", { enum: ["bounce", "complaint", "request"] }).notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
});

export const newsletters = pgTable("newsletters", {
  id: id(),
  listId: uuid("list_id")
    .notNull()
    .references(() => lists.id),
  slug: text("slug").notNull().unique(),
  subject: text("subject").notNull(),
  /** What mail programs show beside the subject; empty: the first words of the body. */
  preheader: text("preheader").notNull().default(""),
  /** Whether the subject is also the first line of the mail itself. */
  showsSubject: boolean("shows_subject").notNull().default(false),
  /** Markdown; newsletters are public writing and hold nobody's case. */
  body: text("body").notNull(),
  state: text("state", { enum: codes(newsletterState) })
    .notNull()
    .default("draft"),
  authorId: uuid("author_id")
    .notNull()
    .references(() => staff.id),
  createdAt: instant("created_at").notNull().defaultNow(),
  /** Who saved the text last, and when; null for what was saved before this was kept. */
  lastWriterId: uuid("last_writer_id").references(() => staff.id),
  savedAt: instant("saved_at"),
  /** When the sending of a `scheduled` issue begins; until then it can be stopped. */
  startAt: instant("start_at"),
  /** When the sending began and, once every message of it has its end, when it ended. */
  sentAt: instant("sent_at"),
  finishedAt: instant("finished_at"),
  /** Subscribers written to when it was sent; the ledger's states must always add up to it. */
  audience: integer("audience"),
  /** Whether the issue is to be published on the web, decided when it is sent. */
  isForWeb: boolean("is_for_web").notNull().default(false),
  /** Since when it is on the web (the first mail was out), and since when not any more. */
  webPublishedAt: instant("web_published_at"),
  webWithdrawnAt: instant("web_withdrawn_at"),
  /** What the web shows instead of the words that were mailed, once somebody corrected them; Markdown. */
  webSubject: text("web_subject"),
  webBody: text("web_body"),
  webCorrectedAt: instant("web_corrected_at"),
  version: integer("version").notNull().default(1),
});

/** SQL: a mail to a family that was refused. The partial indexes `deliveries_refused…` have this condition. */
export const isRefusedToFamily = ({ kind, state }: { kind: SQLWrapper; state: SQLWrapper }): SQL =>
  sql`${kind} in ('receipt', 'reply_notice') and ${state} in ('failed', 'suppressed')`;

/**
 * One row per message, transactional ones too. It names the person by reference only: the address
 * is opened at the moment of sending, so this table holds no address and no words.
 */
export const deliveries = pgTable(
  "deliveries",
  {
    id: id(),
    kind: text("kind", { enum: codes(deliveryKind) }).notNull(),
    /** A newsletter never delays a receipt. */
    lane: text("lane", { enum: ["transactional", "bulk"] }).notNull(),
    state: text("state", { enum: codes(deliveryState) })
      .notNull()
      .default("queued"),
    /** Fixed when queued, so that a repeat can be recognised as one. */
    messageId: text("message_id").notNull().unique(),
    leadId: uuid("lead_id").references(() => leads.id),
    grantId: uuid("grant_id").references(() => downloadGrants.id),
    subscriberId: uuid("subscriber_id").references(() => subscribers.id),
    newsletterId: uuid("newsletter_id").references(() => newsletters.id),
    invitationId: uuid("invitation_id").references(() => invitations.id),
    staffId: uuid("staff_id").references(() => staff.id),
    /** The later message of a case that this mail tells of. */
    aboutMessageId: uuid("about_message_id").references(() => messages.id),
    /** The refused mail that this one sends again, to an address that was corrected (emails/ledger/resend.ts). */
    resentFromId: uuid("resent_from_id").references((): AnyPgColumn => deliveries.id),
    attempts: integer("attempts").notNull().default(0),
    /** True once the same message may have reached the server twice. */
    repeated: boolean("repeated").notNull().default(false),
    queuedAt: instant("queued_at").notNull().defaultNow(),
    dueAt: instant("due_at").notNull().defaultNow(),
    leasedUntil: instant("leased_until"),
    /** Written before the text of this attempt is handed to a mail server: a lease that ends without it sent nothing. */
    handingOverAt: instant("handing_over_at"),
    finishedAt: instant("finished_at"),
    /** When somebody decided to leave an `uncertain` message as it is. */
    leftAt: instant("left_at"),
    /** The server's reply code and enhanced status, never its text (it may quote an address). */
    reply: text("reply"),
  },
  (t) => [
    index("deliveries_due")
      .on(t.lane, t.dueAt, t.id)
      .where(sql`${t.state} in ('queued', 'retry')`),
    index("deliveries_leased")
      .on(t.leasedUntil)
      .where(sql`${t.state} = 'leased'`),
    index("deliveries_queued").on(t.queuedAt),
    index("deliveries_lead")
      .on(t.leadId)
      .where(sql`${t.leadId} is not null`),
    index("deliveries_subscriber")
      .on(t.subscriberId)
      .where(sql`${t.subscriberId} is not null`),
    /** Mails to families that were refused: by time for notices to staff, by lead for the list of the day. */
    index("deliveries_refused").on(t.finishedAt).where(isRefusedToFamily(t)),
    index("deliveries_refused_lead").on(t.leadId).where(isRefusedToFamily(t)),
    /** A refused mail is sent again once; when that is refused too, the newer row is sent again. */
    uniqueIndex("deliveries_resent_once")
      .on(t.resentFromId)
      .where(sql`${t.resentFromId} is not null`),
    uniqueIndex("deliveries_newsletter_once")
      .on(t.newsletterId, t.subscriberId)
      .where(sql`${t.kind} = 'newsletter'`),
  ],
);

/** What a test mail says: the text as it was when somebody asked for it, whatever was saved since. Kept until the next test of its issue. */
export const newsletterTests = pgTable("newsletter_tests", {
  deliveryId: uuid("delivery_id")
    .primaryKey()
    .references(() => deliveries.id, { onDelete: "cascade" }),
  listId: uuid("list_id")
    .notNull()
    .references(() => lists.id),
  subject: text("subject").notNull(),
  preheader: text("preheader").notNull(),
  showsSubject: boolean("shows_subject").notNull(),
  body: text("body").notNull(),
});

/** SQL: no newer mail repeats the one in the row of `deliveries`, which so says what became of it in the end. */
export const isNotSentAgain = sql<boolean>`not exists (
  select 1 from deliveries again where again.resent_from_id = ${deliveries.id})`;

/**
 * Mails sent lately because somebody typed an address: one row each, counted by count_mail (see the
 * migration); of confirmations only those to an address that was corrected since. UNLOGGED, kept a day.
 */
export const mailCounts = pgTable(
  "mail_counts",
  {
    /** Keyed hash of the address, of no use for finding the address elsewhere in the database. */
    address: bytea("address").notNull(),
    kind: text("kind", { enum: ["receipt", "guide_link", "confirmation"] }).notNull(),
    /** The guide's slug, or "". */
    about: text("about").notNull(),
    countedAt: instant("counted_at").notNull(),
  },
  (t) => [index("mail_counts_address").on(t.address, t.kind)],
);
