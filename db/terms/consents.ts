/** The sentences people agree to, stored with what they sent exactly as shown. */

import { organisation } from "./organisation.ts";

/** The words a person agrees to when asking for help; stored with the consultation exactly as shown. */
export const consultationConsent = `お子さんの病気や暮らしについて書いたこと（法律で「要配慮個人情報」とされる、とくに大切な情報を含みます）を、${organisation.name}の相談担当者が読み、お返事と支援のためだけに使い、保管することに同意します。`;

/** The words that staff read aloud when somebody phones or comes to the door; stored with the consultation exactly as read. */
export const spokenConsent =
  "お聞きしたことを、相談の担当者が読み、お返事と支援のためだけに使い、保管します。よろしいですか";

/** The words a professional agrees to when asking about somebody they support. */
export const professionalConsent = `お子さんやご家族がだれのことか分かる内容（名前、学校名、病院名など）を書いていないことを確かめました。書いたことを、${organisation.name}の相談担当者が読み、お返事と支援のためだけに使い、保管することに同意します。`;

const doubleOptIn = "登録は、あとで届く確認メールのボタンを押したときに完了します。いつでもやめられます。";

/** The words a person agrees to on the newsletter's own page. */
export const newsletterConsent = `選んだお知らせを、${organisation.name}からこのメールアドレスで受け取ることに同意します。${doubleOptIn}`;

/** What saving the choice of lists means, on the page behind a link in every issue. */
export const preferencesConsent = `チェックを入れたお知らせを、${organisation.name}からこのメールアドレスで受け取ることに同意します。チェックのないお知らせは受け取りません。いつでもやめられます。`;

/** The words a person agrees to when ticking the newsletter box beside a guide. */
export const guideNewsletterConsent = `このメールアドレスで、${organisation.name}のメールマガジン（月に1回ほど）も受け取ることに同意します。${doubleOptIn}`;
