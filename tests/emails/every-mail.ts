/** Every mail of the product with all that may stand in it, as the templates make it now. */

import type { PublishedText } from "#db/published/texts.ts";
import type { SummaryFigures } from "#db/schema/summaries.ts";
import { codes } from "#db/terms/codes.ts";
import { locale as locales } from "#db/terms/locale.ts";
import { confirmationMail } from "#emails/templates/confirmation.ts";
import { guideLinkMail } from "#emails/templates/guide-link.ts";
import { invitationMail } from "#emails/templates/invitation.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";
import { monthlySummaryMail } from "#emails/templates/monthly-summary.ts";
import { newsletterMail, newsletterTestMail } from "#emails/templates/newsletter.ts";
import { personalNoticeMail } from "#emails/templates/personal-notice.ts";
import { receiptMail } from "#emails/templates/receipt.ts";
import { replyNoticeMail } from "#emails/templates/reply-notice.ts";
import { signInNoticeMail } from "#emails/templates/sign-in-notice.ts";
import {
  additionNoticeMail,
  backupsLateMail,
  approvalAnswerMail,
  consentsEndingMail,
  staffNoticeMail,
} from "#emails/templates/staff-notice.ts";

/** As long as the product's own. */
const token = "v7Q3kq2mYb0x-9c4TtZrW1uHn8sLpEoA5dGfJiKe6MB";
const id = "01900000-0000-7000-8000-000000000001";
const expiresAt = new Date("2026-12-04T03:00:00Z");
/** Half of what opens a family's page. */
export const reference = "K-7M3QXA";

/** Of the guide that was asked for. */
export const guideTitle = "入院中の学びと復学のはじめ方";

/** An event as the site announces it. */
export const event: PublishedText<"event"> = {
  ...{ id, kind: "event", slug: "tea", locale: "ja", revisionNo: 1, origin: "staff" },
  facts: { day: "2026-12-06", starts: "13:30", ends: "15:30" },
  body: { title: "家族のお茶会", place: "見本会館", for_whom: "ご家族", apply: "不要", text: "" },
  ...{ shownFrom: null, shownTo: null, lastDay: null },
};

/** What a fundraiser may write: every piece of Markdown that a mail shows. */
export const issueBody = `# こんにちは

講演会の**お知らせ**です。[申し込みのページ](https://example.jp/lecture?from=newsletter) からどうぞ。

## 日時と場所

- 12月6日（日）13:30から
- 見本会館

| 時間 | こと |
| ---- | ---- |
| 13:30 | はじまり |
| 15:30 | おわり |

> 来てよかったです。

1. 受付
2. お話

---

[ボタン: 申し込む](/events)

![湖のほとりの会場](/pictures/01900000-0000-7000-8000-0000000000aa)

[資料: learning-in-hospital]

お待ちしています。\`K\``;

const list = { slug: "news", name: "メールマガジン", replyTo: "" };

/** What the blocks of `issueBody` show. */
const material = {
  guides: { "learning-in-hospital": { title: guideTitle, summary: "はじめの一歩をまとめました。" } },
  pictures: {
    "01900000-0000-7000-8000-0000000000aa": {
      path: "/pictures/01900000-0000-7000-8000-0000000000aa/0123456789ab-large.jpg",
      ...{ width: 960, height: 640 },
    },
  },
};

const estimate = { value: "4.1%", low: "2.9%", high: "5.8%" };
const counts = { landings: 412, consultations: 17, doubtful: 2, firstConsultations: 15 };
const month = {
  ...{ consultations: 31, doubtful: 3, ofAds: counts, wrote: estimate },
  costs: [{ currency: "JPY", cost: "84,120", each: { value: "5,608", low: "3,900", high: "8,800" } }],
};
const figures: SummaryFigures = {
  ...{ month, before: month },
  keywords: [
    {
      keyword: "長期療養 子ども 勉強",
      campaign: "検索・県内",
      consultations: 6,
      doubtful: 1,
      consultationsBefore: 4,
      landings: 90,
    },
  ],
};

/** Name of the mail → the mail. */
export async function everyMail(): Promise<Record<string, MailContent>> {
  const inLanguages = codes(locales).map(async (locale) => ({
    [`receipt ${locale}`]: await receiptMail({ reference, replyByDate: "2026-12-02", locale }),
    [`receipt of a call ${locale}`]: await receiptMail({
      reference,
      replyByDate: "2026-12-02",
      locale,
      isSpoken: true,
    }),
    [`reply ${locale}`]: await replyNoticeMail({ reference, locale }),
  }));
  const other = { slug: "teachers", title: "病気の子どもをむかえる先生へ" };
  const tokens = { unsubscribeToken: token, preferencesToken: token };
  const issue = {
    subject: "秋のたより",
    preheader: "12月の会のご案内です。",
    body: issueBody,
    material,
    list,
    ...tokens,
  };
  return {
    ...Object.assign({}, ...(await Promise.all(inLanguages))),
    guide: await guideLinkMail({ locale: "ja", title: guideTitle, token, expiresAt, event, other }),
    confirmation: await confirmationMail({
      locale: "ja",
      token,
      lists: ["メールマガジン", "催しのお知らせ"],
      expiresAt,
    }),
    newsletter: await newsletterMail({ ...issue, showsSubject: true }),
    "newsletter without its subject": await newsletterMail({ ...issue, preheader: "", showsSubject: false }),
    "newsletter test": await newsletterTestMail({ ...issue, showsSubject: true }),
    invitation: await invitationMail({ token, role: "coordinator", expiresAt }),
    "staff notice": await staffNoticeMail({ caseId: id, replyBy: "email", replyByDate: "2026-12-02" }),
    "addition notice": await additionNoticeMail({ caseId: id, replyByDate: "2026-12-02" }),
    "approval answer": await approvalAnswerMail(),
    "consents ending": await consentsEndingMail(),
    "backups late": await backupsLateMail(),
    "sign-in notice": await signInNoticeMail({ name: "見本", failures: 5 }),
    "personal notice": await personalNoticeMail([
      { kind: "family_wrote", caseIds: [id, id] },
      { kind: "overdue", caseIds: [id] },
    ]),
    "monthly summary": await monthlySummaryMail({ month: "2026-10-01", figures }),
  };
}

/** Mails without one thing to do: this notice must not hold a link. */
export const withoutButton = ["sign-in notice", "personal notice"];
