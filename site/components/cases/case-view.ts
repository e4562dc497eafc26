/** What the strip of a case, its composer and the bar for the thumb agree on: who it is, what is to be done next. */

import { mayTakeOver } from "#api/handovers/take-over.ts";
import { numberToDial } from "#api/intake/phone-numbers.ts";
import type { Staff } from "#db/actor.ts";
import { callWishesInWords } from "#db/terms/calls.ts";
import { isAddressRefused, type OpenedCase } from "./timeline.ts";

/** The forms of the composer. */
export type Writing = "reply" | "contact" | "note";

export interface CaseView {
  /** How the page calls the family. */
  name: string;
  reference: string;
  phone: string | undefined;
  /** The number for a `tel:` address: digits, with the plus of a country code; undefined for what cannot be a number. */
  dial: string | undefined;
  /** What the family wishes of our calls, as sentences. */
  callWishes: string[];
  email: string | undefined;
  isRefused: boolean;
  /** A telephone number, or an address to which the last mail was not refused. */
  isReachable: boolean;
  /** The reader is responsible or helps. */
  isMine: boolean;
  /** Somebody is responsible. */
  isHeld: boolean;
  maySteer: boolean;
  /** The form that fits now, with which the composer opens. */
  writing: Writing;
  /**
   * The words of the one button that fits; "claim", "take-over" and "reopen" post a form, "correct" leads to the page of the
   * contact, the others to the composer. `from`: the colleague from whom an overdue case is taken.
   */
  next: {
    act: "claim" | "take-over" | "write" | "correct" | "reopen" | "none";
    label: string;
    isFilled: boolean;
    from?: string;
  };
}

export function viewOf(found: OpenedCase, me: Staff): CaseView {
  const asked = found.consultations.at(-1);
  const contact = asked?.contact ?? {};
  const maySteer = me.role === "manager" || me.role === "coordinator";
  const isRefused = isAddressRefused(found);
  const isReachable =
    asked?.replyBy === "site" || contact.phone !== undefined || (contact.email !== undefined && !isRefused);
  const writing = writingFor(found, { maySteer, isRefused });
  const holding = {
    isMine: found.assignments.some(({ staffId }) => staffId === me.id),
    isHeld: found.holders.responsible !== null,
  };
  return {
    name: nameIn(found),
    reference: found.consultations[0]?.reference ?? "",
    phone: contact.phone,
    dial: contact.phone === undefined ? undefined : numberToDial(contact.phone),
    callWishes: callWishesInWords(contact),
    email: contact.email,
    isRefused,
    isReachable,
    ...holding,
    maySteer,
    writing,
    next: nextFor(found, { ...holding, maySteer, isReachable, writing, mayTake: mayTakeOver(found, me.id) }),
  };
}

/** With さん, but where the family gave no name. */
function nameIn({ consultations }: OpenedCase): string {
  const name = consultations.find(({ contact }) => contact.name?.trim())?.contact.name;
  return name === undefined ? "お名前なし" : `${name}さん`;
}

function writingFor(found: OpenedCase, { maySteer, isRefused }: Pick<CaseView, "maySteer" | "isRefused">): Writing {
  if (!maySteer) return "contact";
  if (found.state === "closed") return "note";
  const wish = found.consultations.at(-1)?.replyBy;
  const wantsCall = wish === "phone" || isRefused;
  if (found.owed.turn === "ours") return wantsCall ? "contact" : "reply";
  return found.owed.turn === "unread" ? "reply" : "note";
}

const labels = { reply: "お返事を書く", contact: "電話の記録を書く", note: "メモを書く" } as const;

/** Filled only when it is this reader's turn: nobody holds the case, it is theirs, or it is overdue, which is everybody's. */
function nextFor(
  { state, owed, holders }: OpenedCase,
  view: Pick<CaseView, "isMine" | "isHeld" | "maySteer" | "isReachable" | "writing"> & { mayTake: boolean },
): CaseView["next"] {
  if (!view.maySteer) return { act: "write", label: "記録を書く", isFilled: false };
  if (state === "closed") return { act: "reopen", label: "再開する", isFilled: false };
  if (!view.isHeld) return { act: "claim", label: "自分が担当する", isFilled: true };
  // Neither mail nor telephone works: whatever is written reaches nobody before the contact is corrected.
  const mustCorrect = owed.turn === "ours" && !view.isReachable;
  const label = mustCorrect ? "連絡先を直す" : labels[view.writing];
  if (view.mayTake && holders.responsible)
    return {
      act: "take-over",
      label: `引き受けて${label.replace(/^お/u, "")}`,
      isFilled: true,
      from: holders.responsible.staffId,
    };
  return { act: mustCorrect ? "correct" : "write", label, isFilled: owed.turn === "ours" && view.isMine };
}
