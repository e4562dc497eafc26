/**
 * Which room may import which: the one table from which the lint is made (tests/oxlint.config.ts). A
 * room is a folder below a root folder; the root folder's own files are a room of that name. What a
 * room may see, its listed rooms' rooms may not be assumed: each line names all it imports.
 *
 * Between root folders: site → api → {emails, analytics} → db. `beneath` is what every room of a root
 * folder may import; `rooms` adds, room by room, what it sees of its own root folder.
 */
export const rootFolders = {
  site: { beneath: ["api", "emails", "analytics"] },
  api: { beneath: ["emails", "analytics", "db"] },
  emails: { beneath: ["db"] },
  analytics: { beneath: ["db"] },
  db: { beneath: [] },
} as const satisfies Record<string, { beneath: string[] }>;

/** What pages read of the floor: vocabularies, words, the settings in force and the wording of days. */
export const floorForPages = [
  ...["db/terms", "db/words", "db/municipalities", "db/calendar/days.ts"],
  ...[
    "db/consents/versions.ts",
    "db/colour/palette.ts",
    "db/settings/brand.ts",
    "db/settings/keys.ts",
    "db/settings/required.ts",
    "db/settings/settings.ts",
    "db/settings/wording.ts",
  ],
] as const;

/** Room → the rooms of the same root folder it imports. No circles; `"*"` for the process, which wires all. */
export const rooms: Record<string, readonly string[]> = {
  api: ["*"],
  "api/http": [],
  "api/forms": ["api/http"],
  "api/published": [],
  "api/pages": ["api/published"],
  "api/kept-pages": ["api/http", "api/forms"],
  "api/web": ["api/http", "api/forms", "api/kept-pages", "api/pages", "api/published"],
  "api/holders": [],
  "api/notices": ["api/http", "api/forms", "api/promises", "api/holders"],
  "api/absences": ["api/http", "api/forms", "api/holders"],
  "api/staff": [
    ...["api/http", "api/forms", "api/sign-in", "api/holders", "api/cases", "api/handovers", "api/readiness"],
  ],
  "api/drafts": ["api/http", "api/forms", "api/case-access"],
  "api/sign-in": ["api/http", "api/forms", "api/drafts", "api/readiness"],
  "api/intake": ["api/http", "api/forms", "api/kept-pages"],
  "api/promises": [],
  "api/case-access": ["api/http", "api/holders"],
  "api/entries": ["api/forms", "api/notices", "api/case-access"],
  "api/side-notes": ["api/http", "api/forms", "api/case-access"],
  "api/settings": ["api/http", "api/forms", "api/uploads", "api/words"],
  "api/readiness": ["api/http", "api/forms", "api/settings", "api/keys"],
  "api/cases": [
    ...["api/http", "api/forms", "api/intake", "api/promises", "api/holders", "api/notices"],
    ...["api/case-access", "api/entries", "api/side-notes"],
  ],
  "api/contacts": ["api/http", "api/forms", "api/intake", "api/promises", "api/case-access", "api/cases"],
  "api/handovers": [
    ...["api/http", "api/forms", "api/promises", "api/holders", "api/notices"],
    ...["api/cases", "api/case-access", "api/side-notes"],
  ],
  "api/reminders": ["api/http", "api/forms", "api/holders", "api/case-access", "api/entries", "api/cases"],
  "api/correspondence": [
    ...["api/http", "api/forms", "api/kept-pages", "api/intake", "api/promises"],
    ...["api/holders", "api/notices", "api/case-access", "api/cases", "api/reminders"],
  ],
  "api/peers": [
    ...["api/http", "api/forms", "api/holders", "api/notices"],
    ...["api/case-access", "api/entries", "api/side-notes", "api/cases", "api/reminders"],
  ],
  "api/today": ["api/promises", "api/holders", "api/case-access", "api/cases", "api/reminders"],
  "api/search": ["api/intake", "api/case-access", "api/cases"],
  "api/phone-intake": [
    ...["api/http", "api/forms", "api/drafts", "api/intake", "api/promises", "api/holders", "api/case-access"],
    ...["api/entries", "api/side-notes", "api/cases", "api/reminders", "api/today", "api/search"],
  ],
  "api/content": ["api/http", "api/forms", "api/drafts"],
  "api/content-files": ["api/http", "api/forms"],
  "api/pictures": [...["api/http", "api/forms", "api/uploads", "api/pages", "api/published", "api/content"]],
  "api/approvals": [
    ...["api/http", "api/forms", "api/pages", "api/published", "api/notices", "api/content", "api/pictures"],
  ],
  "api/guides": ["api/http", "api/forms", "api/web", "api/content", "api/brand"],
  "api/downloads": ["api/http", "api/forms", "api/kept-pages", "api/guides"],
  "api/newsletters": ["api/http", "api/forms"],
  "api/subscriptions": ["api/http", "api/forms", "api/kept-pages"],
  "api/mail": ["api/http", "api/forms"],
  "api/brand": ["api/http", "api/forms", "api/pages", "api/drawings", "api/uploads", "api/settings"],
  "api/keywords": ["api/http", "api/forms"],
  "api/process": [
    "api/backup",
    ...[
      "api/brand",
      "api/http",
      "api/pages",
      "api/published",
      "api/content-files",
      "api/web",
      "api/guides",
      "api/readiness",
      "api/support-book",
    ],
  ],
  "api/summaries": ["api/http", "api/forms"],
  "api/words": ["api/http", "api/forms", "api/drafts"],
  "api/drawings": [],
  "api/booklet": ["api/drawings"],
  "api/support-book": ["api/http", "api/web", "api/drawings", "api/booklet", "api/guides"],
  "api/uploads": ["api/drawings"],
  "api/survey-tables": [],
  "api/small-counts": [],
  "api/surveys": ["api/http", "api/guides", "api/drawings", "api/survey-tables", "api/small-counts"],
  "api/numbers": ["api/readiness", "api/small-counts"],
  "api/sitemap": ["api/http", "api/pages", "api/published", "api/guides", "api/surveys", "api/numbers"],
  "api/health": ["api/http", "api/backup-health"],
  "api/sample": [
    ...["api/http", "api/forms", "api/content-files", "api/settings", "api/readiness"],
    ...["api/staff", "api/cases", "api/handovers", "api/reminders", "api/side-notes", "api/contacts"],
    ...["api/absences", "api/peers", "api/today", "api/phone-intake", "api/downloads", "api/drafts", "api/surveys"],
    "api/numbers",
  ],
  "api/keys": [],
  "api/backup-health": [],
  "api/backup": ["api/portable", "api/backup-health"],
  "api/portable": [],
  "api/restore": ["api/approvals", "api/backup", "api/portable", "api/privacy"],
  "api/doctor": ["api/readiness", "api/backup", "api/backup-health", "api/keys"],
  "api/privacy": ["api/kept-pages", "api/intake", "api/promises", "api/sign-in", "api/drafts"],

  emails: [],
  "emails/frame": ["emails"],
  "emails/templates": ["emails", "emails/frame"],
  "emails/composers": ["emails", "emails/templates"],
  "emails/smtp": ["emails", "emails/templates", "emails/composers"],
  "emails/outbox": ["emails", "emails/templates", "emails/composers", "emails/smtp"],
  "emails/sender": ["emails", "emails/outbox", "emails/smtp"],
  "emails/ledger": ["emails", "emails/outbox"],
  "emails/lists": ["emails", "emails/outbox"],
  "emails/newsletters": ["emails", "emails/outbox", "emails/lists", "emails/templates"],

  analytics: [],
  "analytics/ad-files": ["analytics"],
  "analytics/spend": ["analytics", "analytics/ad-files"],
  "analytics/imports": ["analytics", "analytics/ad-files", "analytics/spend"],
  "analytics/clicks": ["analytics", "analytics/ad-files", "analytics/spend"],
  "analytics/landings": ["analytics", "analytics/clicks", "analytics/spend"],
  "analytics/account-checks": ["analytics", "analytics/clicks", "analytics/landings"],
  "analytics/keywords": [
    ...["analytics", "analytics/ad-files", "analytics/spend", "analytics/clicks"],
    ...["analytics/landings"],
  ],
  "analytics/report-view": [
    ...["analytics", "analytics/ad-files", "analytics/spend", "analytics/landings"],
    ...["analytics/keywords"],
  ],
  "analytics/trends": [
    ...["analytics", "analytics/spend", "analytics/landings", "analytics/keywords"],
    ...["analytics/report-view"],
  ],

  db: ["db/schema", "db/terms"],
  "db/terms": [],
  "db/municipalities": ["db/terms"],
  "db/colour": [],
  "db/settings": ["db", "db/schema", "db/terms", "db/municipalities", "db/colour"],
  "db/consents": ["db", "db/schema", "db/terms", "db/words"],
  "db/words": ["db/terms", "db/municipalities", "db/settings"],
  "db/calendar": ["db/terms", "db/settings"],
  "db/random": [],
  "db/schema": ["db/terms", "db/random"],
  "db/vault": ["db", "db/schema", "db/random", "db/calendar"],
  "db/cluster": ["db"],
  "db/backup": ["db", "db/vault"],
  "db/erasures": ["db", "db/schema", "db/terms", "db/backup"],
  "db/promises": ["db", "db/terms"],
  "db/published": ["db", "db/schema", "db/terms", "db/settings", "db/calendar"],
};
