/**
 * Every column that holds something sealed, and the key it is sealed with: the vault's own (then the column
 * holds a wrapped data key), the data key that stands wrapped in another column, or one that only the token of an address
 * gives. From this list come the additional data of each value and the types by which `seal` accepts no other column or key.
 * A test compares it with the schema. What `rotate-key` wraps again comes from the database itself (wrapped-keys.ts).
 */

export const sealedPlaces = {
  "vault_keys.wrapped": { sealedWith: "vault" },
  "cases.wrapped_key": { sealedWith: "vault" },
  "subscribers.wrapped_key": { sealedWith: "vault" },
  "download_grants.wrapped_key": { sealedWith: "vault" },
  "draft_keys.wrapped_key": { sealedWith: "vault" },
  "approvals.wrapped_key": { sealedWith: "vault" },
  "preview_links.wrapped_key": { sealedWith: "vault" },
  "consultations.contact": { sealedWith: "cases.wrapped_key" },
  "consultations.message": { sealedWith: "cases.wrapped_key" },
  "consultations.receipt_code": { sealedWith: "cases.wrapped_key" },
  "consultations.heard_words": { sealedWith: "cases.wrapped_key" },
  "entries.body": { sealedWith: "cases.wrapped_key" },
  "briefs.body": { sealedWith: "cases.wrapped_key" },
  "reminders.body": { sealedWith: "cases.wrapped_key" },
  "contact_corrections.before": { sealedWith: "cases.wrapped_key" },
  "side_notes.body": { sealedWith: "cases.wrapped_key" },
  "messages.body": { sealedWith: "cases.wrapped_key" },
  "drafts.case_body": { sealedWith: "cases.wrapped_key" },
  "drafts.own_body": { sealedWith: "draft_keys.wrapped_key" },
  "subscribers.email": { sealedWith: "subscribers.wrapped_key" },
  "download_grants.email": { sealedWith: "download_grants.wrapped_key" },
  "approvals.given_by": { sealedWith: "approvals.wrapped_key" },
  "preview_links.answer_words": { sealedWith: "preview_links.wrapped_key" },
  "kept_pages.body": { sealedWith: "token" },
} as const satisfies Record<`${string}.${string}`, SealedPlaceKind>;

interface SealedPlaceKind {
  /** "vault" for a wrapped key; "table.column" of a wrapped key in this list; "token" where the key comes from the token of an address. */
  sealedWith: "vault" | `${string}.wrapped${string}` | "token";
}

/** "table.column" of anything sealed. */
export type SealedPlace = keyof typeof sealedPlaces;

type SealedWith<Key> = {
  [Place in SealedPlace]: (typeof sealedPlaces)[Place]["sealedWith"] extends Key ? Place : never;
}[SealedPlace];

/** "table.column" of a wrapped data key. By the column's name `rotate-key` finds it: under another, nothing can be wrapped. */
export type WrappedKeyPlace = SealedWith<"vault"> & `${string}.wrapped${string}`;

/** "table.column" of what is sealed with a key that the token of an address gives. */
export type TokenPlace = SealedWith<"token">;

/** "table.column" of what is sealed with the data key that stands wrapped in `Key`. */
export type TextPlace<Key extends WrappedKeyPlace> = SealedWith<Key>;

/** Additional data of a sealed value ("consultations.message.<id>"): it opens in no other row or column. */
export const additionalData = (place: SealedPlace, id: string): Buffer => Buffer.from(`${place}.${id}`);
