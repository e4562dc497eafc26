/** In which group of 「きょう」 a case stands, and which other reasons it has to be looked at. */

import type { CaseState } from "#db/terms/cases.ts";

/** What is known of a case that may stand in the list of the day. */
export interface TodayCase {
  id: string;
  state: CaseState;
  /** When its first request arrived. */
  receivedAt: Date;
  /** YYYY-MM-DD (Asia/Tokyo) of the earliest answer owed; null when none is. */
  dueDay: string | null;
  /** Words of the family that who is responsible has not read yet; where nobody is, that nobody has read. */
  isUnread: boolean;
  /** Somebody who still works here is responsible for it. */
  isHeld: boolean;
  /** The reader is responsible for it, helps, or is to do what a reminder of today says. */
  isMine: boolean;
  /** The last mail to the family was refused, and nothing reached them since. */
  isUndelivered: boolean;
  /** Nobody has decided yet whether the request is one (`needsReviewSql`). */
  isDoubtful: boolean;
  /** A call was stored 30 days ago or earlier in which nobody asked for consent, and nobody has since; not of a closed case. */
  lacksConsent: boolean;
  /** YYYY-MM-DD (Asia/Tokyo) of the earliest open reminder whose day has come; null when there is none. */
  reminderDay: string | null;
}

/** A new request that may be no request, and that nobody has taken yet. */
const needsReview = ({ isDoubtful, isHeld }: TodayCase) => isDoubtful && !isHeld;

interface Group {
  label: string;
  /** What its members have in common, beside the heading. */
  about: string;
  /** Shown when it is empty: what to do, or when something will stand here. */
  whenEmpty: string;
  fits: (one: TodayCase, today: string) => boolean;
}

/**
 * The groups in the order of the screen. A case stands in the first whose `fits` answers true, so that the counts add
 * up; a new group is one more line. `later` is folded.
 */
export const groups = {
  late: {
    label: "期限切れ",
    about: "約束の日をすぎています。お電話でもかまいません、まずこちらから",
    whenEmpty: "お待たせしているご家族はありません",
    fits: ({ dueDay }, today) => dueDay !== null && dueDay < today,
  },
  today: {
    label: "今日まで",
    about: "",
    whenEmpty: "今日までのお返事はありません。下の分類から進めてください",
    fits: ({ dueDay }, today) => dueDay === today,
  },
  family: {
    label: "ご家族から",
    about: "担当の人が、まだ読んでいない言葉",
    whenEmpty: "ご家族が書き足すと、ここに出ます",
    fits: ({ isUnread, isHeld }) => isUnread && isHeld,
  },
  unheld: {
    label: "担当なし",
    about: "開いて「自分が担当する」を押してください",
    whenEmpty: "新しい相談が届くと、ここに出ます",
    fits: (one) => !one.isHeld && one.state !== "closed" && !needsReview(one),
  },
  undelivered: {
    label: "届かない",
    about: "メールが届かなかったご家族。電話でお伝えください",
    whenEmpty: "メールはどれも届いています",
    fits: ({ isUndelivered }) => isUndelivered,
  },
  reminder: {
    label: "次の連絡日",
    about: "次にすることの日が来たもの。終えたら「済んだ」を押してください",
    whenEmpty: "記録に「次にすること」を書くと、その日にここに出ます",
    fits: ({ reminderDay }) => reminderDay !== null,
  },
  review: {
    label: "確認が必要",
    about:
      "相談かどうか、人の目で決めるもの。相談なら担当を決め、ちがえば終了してください。「同意まだ」は、30日たっても同意をうかがえていないもの",
    whenEmpty: "迷惑送信かもしれないものと、30日たっても同意をうかがえていないものが、ここに出ます",
    fits: (one) => needsReview(one) || one.lacksConsent,
  },
  later: {
    label: "あす以降のお返事",
    about: "担当が決まっていて、期限があすより先のもの",
    whenEmpty: "期限があすより先のお返事はありません",
    fits: ({ dueDay }) => dueDay !== null,
  },
} as const satisfies Record<string, Group>;

export type GroupName = keyof typeof groups;

/** The names of the groups, in the order of the screen. */
export const groupNames = Object.keys(groups) as GroupName[];

/** The group in which a case stands; undefined when it need not be looked at. `today` is YYYY-MM-DD, Asia/Tokyo. */
export const todayGroupOf = (one: TodayCase, today: string): GroupName | undefined =>
  groupNames.find((name) => groups[name].fits(one, today));

/** Earliest answer owed first (without one, earliest reminder), then what has waited longest. */
export const byDue = (a: TodayCase, b: TodayCase): number =>
  firstDay(a).localeCompare(firstDay(b)) || a.receivedAt.getTime() - b.receivedAt.getTime();

const firstDay = ({ dueDay, reminderDay }: TodayCase) => dueDay ?? reminderDay ?? "9999";
