/**
 * The words of the audit trail: what may be done to which noun. Rows of the trail cannot be rewritten, so a
 * word that is changed here moves to the former ones below, and readers (db/audit-trail.ts) see today's.
 */

export const auditActions = {
  case: [
    ...["receive", "view", "assign", "unassign", "hand_over", "change_state", "close", "reopen", "erase"],
    ...["open_correspondence", "replace_receipt_code", "correct_contact", "write_side_note", "record_consent"],
  ],
  entry: ["write", "show_to_peers", "hide_from_peers"],
  brief: ["write", "withdraw"],
  message: ["add", "reply"],
  promise: ["keep", "reopen", "end"],
  reminder: ["view", "write", "finish", "silence"],
  guide: ["add", "edit", "publish", "withdraw", "republish", "grant"],
  grant: ["resend_link", "erase"],
  subscription: ["request", "confirm", "unsubscribe", "give_reason"],
  subscriber: ["search", "view", "correct_address", "resend_confirmation", "suppress", "erase"],
  newsletter: [
    ...[
      "create",
      "save",
      "duplicate",
      "delete",
      "send_test",
      "schedule",
      "unschedule",
      "send",
      "pause",
      "resume",
      "cancel",
    ],
    ...["resend", "leave", "publish", "withdraw", "correct"],
  ],
  list: ["save"],
  delivery: ["view", "resend"],
  staff: [
    ...["add", "disable", "sign_in", "sign_out", "change_notices"],
    ...["sign_in_failed", "code_failed", "sign_in_delayed", "forbidden"],
  ],
  invitation: ["invite", "accept", "end"],
  absence: ["enter", "cancel"],
  keywords: ["export"],
  ad_import: ["import", "undo"],
  sample: ["load", "remove"],
  installation: ["export_open"],
  settings: ["save", "take_back", "import", "confirm", "make_real"],
  content: [
    ...["create", "save", "save_facts", "restore", "publish", "schedule", "cancel_schedule", "withdraw", "keep"],
    ...["move", "archive", "bring_back", "delete", "import", "erase"],
  ],
  approval: ["record", "withdraw", "note_use"],
  preview_link: ["make", "revoke", "answer"],
  picture: ["upload", "describe", "remove"],
  survey: ["publish", "withdraw"],
  quarter: ["publish"],
  text: ["edit", "take_back", "restore", "keep", "move", "import"],
} as const;

export type AuditNoun = keyof typeof auditActions;
/** What may be done to this noun; without one, any action. */
export type AuditAction<Noun extends AuditNoun = AuditNoun> = (typeof auditActions)[Noun][number];

/** Today's noun of each word that older rows say instead. */
export const formerNouns = { ad_imports: "ad_import" } as const satisfies Record<string, AuditNoun>;

/** By today's noun: today's action of each word that older rows say instead. */
export const formerActions: { [Noun in AuditNoun]?: Record<string, AuditAction<Noun>> } = {
  case: { come_back: "open_correspondence" },
  grant: { mail_again: "resend_link" },
  guide: { put_back: "republish" },
  subscription: { answer: "give_reason" },
  newsletter: { test: "send_test" },
};
