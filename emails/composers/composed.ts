/** What a composer is given and gives back, and what all of them need. */

import { NotFound } from "#db/errors.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";

/** The rows that a delivery is about, by id; each kind of mail needs some of them. Never a word of their content. */
export interface DeliverySubject {
  leadId?: string | null;
  grantId?: string | null;
  subscriberId?: string | null;
  newsletterId?: string | null;
  invitationId?: string | null;
  staffId?: string | null;
  aboutMessageId?: string | null;
  /** Of a newsletter: read with the claim, so that a copy costs no statement of its own. */
  reader?: Reader | null;
}

/**
 * Why a delivery is not sent. `suppressed`: the address must not be written to. `cancelled`: there is
 * nobody left to write to, or nothing left to say (erased, unsubscribed, disabled, withdrawn).
 */
export type NotSent = "suppressed" | "cancelled";

/** One reader's copy of a mail that many get. */
export interface Copy {
  /** What all get, with placeholders where each copy has words of its own; the same object for every copy. */
  content: MailContent;
  /** What stands in this copy in place of each placeholder, and is as long. */
  values: ReadonlyMap<string, string>;
}

/** What a mail says, and the addresses it goes to as they were typed. */
export interface Composed {
  to: string[];
  content: MailContent;
  copy?: Copy;
}

/** To whom a copy of an issue goes, as the claim that leased it found it. */
export interface Reader {
  /** Another one for each state of the issue, or of what its list is called and where answers go. */
  issueState: string;
  /** Null where the reader was erased. */
  wrappedKey: Buffer | null;
  email: Buffer | null;
  subscriptionId: string | null;
  isConfirmed: boolean;
  isSuppressed: boolean;
}

/**
 * Composes one kind of mail from what the database says now. Throws NotFound when the subject is gone
 * or its key was erased; the caller takes that for `cancelled`.
 */
export type Composer = (delivery: DeliverySubject & { id: string }) => Promise<Composed | NotSent>;

/** The id that a kind of delivery cannot do without. Throws NotFound, since no later attempt would have it. */
export function required(id: string | null | undefined): string {
  if (id === null || id === undefined) throw new NotFound("a delivery without its subject");
  return id;
}
