/** Who may, and who did. The first six tables are better-auth's, under our names. */

import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { role, todayChoice } from "#db/terms/staff.ts";
import { bytea, id, instant } from "./columns.ts";

export const staff = pgTable("staff", {
  id: id(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: boolean("email_verified").notNull().default(true),
  image: text("image"),
  role: text("role", { enum: codes(role) }).notNull(),
  twoFactorEnabled: boolean("two_factor_enabled").notNull().default(false),
  disabledAt: instant("disabled_at"),
  /** When the person and the managers were last told of failed sign-ins; at most once a day. */
  signInNoticeAt: instant("sign_in_notice_at"),
  /** Whose cases 「きょう」 showed this person last: their own, or everybody's. Null: never chosen. */
  todayChoice: text("today_choice", { enum: codes(todayChoice) }),
  createdAt: instant("created_at").notNull().defaultNow(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

export const staffSessions = pgTable(
  "staff_sessions",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => staff.id, { onDelete: "cascade" }),
    token: text("token").notNull().unique(),
    expiresAt: instant("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    /** Moved on by every page; 30 minutes of silence end the session. */
    seenAt: instant("seen_at").notNull().defaultNow(),
  },
  (t) => [index("staff_sessions_user").on(t.userId)],
);

export const staffAccounts = pgTable(
  "staff_accounts",
  {
    id: id(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => staff.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: instant("access_token_expires_at"),
    refreshTokenExpiresAt: instant("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [index("staff_accounts_user").on(t.userId)],
);

export const staffVerifications = pgTable(
  "staff_verifications",
  {
    id: id(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [index("staff_verifications_identifier").on(t.identifier)],
);

export const staffTwoFactors = pgTable("staff_two_factors", {
  id: id(),
  secret: text("secret").notNull(),
  backupCodes: text("backup_codes").notNull(),
  userId: uuid("user_id")
    .notNull()
    .unique()
    .references(() => staff.id, { onDelete: "cascade" }),
  verified: boolean("verified").notNull().default(true),
  failedVerificationCount: integer("failed_verification_count").notNull().default(0),
  lockedUntil: instant("locked_until"),
  /** Time step (seconds since 1970 / 30) of the last code that was accepted; none up to it counts again. */
  lastStep: integer("last_step"),
});

export const staffRateLimits = pgTable("staff_rate_limits", {
  id: id(),
  key: text("key").notNull().unique(),
  count: integer("count").notNull(),
  lastRequest: bigint("last_request", { mode: "number" }).notNull(),
});

/**
 * Wrong passwords and codes by account and network, for the delay between attempts; kept an hour. The
 * account is a keyed hash of the address that was typed, whether or not somebody has it.
 */
export const signInAttempts = pgTable(
  "sign_in_attempts",
  {
    account: bytea("account").notNull(),
    network: bytea("network").notNull(),
    kind: text("kind", { enum: ["password", "code"] }).notNull(),
    /** Attempts that were looked at and not found right; a right one clears them. */
    failures: integer("failures").notNull().default(0),
    /** Attempts that came too early and were not looked at. */
    delayed: integer("delayed").notNull().default(0),
    attemptedAt: instant("attempted_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.account, t.kind, t.network] }), index("sign_in_attempts_age").on(t.attemptedAt)],
);

/** Networks, as keyed hashes, from which somebody signed in within the last 30 days. */
export const staffNetworks = pgTable(
  "staff_networks",
  {
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id, { onDelete: "cascade" }),
    network: bytea("network").notNull(),
    seenAt: instant("seen_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.staffId, t.network] })],
);

/** What is counted of an account; also the action under which the first of an hour stands in the audit trail. */
export const refusalKinds = ["sign_in_failed", "code_failed", "sign_in_delayed", "forbidden"] as const;

/**
 * How often something was refused to an account in an hour. The audit trail, which nothing may shrink,
 * gets the first of each hour alone; strangers can only raise the count here.
 */
export const staffRefusals = pgTable(
  "staff_refusals",
  {
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id, { onDelete: "cascade" }),
    /** Its beginning. */
    hour: instant("hour").notNull(),
    kind: text("kind", { enum: refusalKinds }).notNull(),
    count: integer("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.staffId, t.hour, t.kind] })],
);

/** Why an invitation ended that nobody accepted; `joined`: its person became staff another way. */
export const invitationEnds = ["replaced", "revoked", "joined", "stopped"] as const;

export const invitations = pgTable("invitations", {
  id: id(),
  /** In lower case. Null for the very first set-up link, which anyone holding it may use once. */
  email: text("email"),
  role: text("role", { enum: codes(role) }).notNull(),
  tokenHash: bytea("token_hash").notNull().unique(),
  invitedBy: uuid("invited_by").references(() => staff.id),
  createdAt: instant("created_at").notNull().defaultNow(),
  expiresAt: instant("expires_at").notNull(),
  acceptedAt: instant("accepted_at"),
  acceptedBy: uuid("accepted_by").references(() => staff.id),
  endedAt: instant("ended_at"),
  endReason: text("end_reason", { enum: invitationEnds }),
});

/** Append-only: the application's role may insert and read, nothing else (see the migration). */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant("at").notNull().defaultNow(),
    /** Null when the actor is a family, a command or the system. */
    staffId: uuid("staff_id").references(() => staff.id),
    action: text("action").notNull(),
    noun: text("noun").notNull(),
    nounId: text("noun_id"),
    /** Codes and ids only, never words of a case. */
    detail: jsonb("detail").$type<Record<string, string | number | boolean | null>>().notNull().default({}),
  },
  (t) => [index("audit_events_noun").on(t.noun, t.nounId), index("audit_events_staff").on(t.staffId, t.at)],
);
