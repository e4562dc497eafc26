/** The words of the invented families and of the answers to them. Nobody real wrote any of this. */
export const sampleMessages = [
  "来月から長い入院になりそうです。小学校の勉強がどうなるのか、だれに聞けばよいのか分からず書いています。",
  "退院して二か月ですが、教室に入るのがこわいと言います。学校にどこまで話してよいのか迷っています。",
  "付き添いで家を空けることが多く、下の子がさみしがっています。きょうだいの居場所はありますか。",
  "病気のことを同じように経験した方のお話を、子どもに聞かせてあげたいです。",
  "訪問看護に来てもらっていますが、夜だけ預けられるところを探しています。",
  "高校を続けられるか心配です。通信制に変わる前に相談したいです。",
  "担任をしています。入院した児童のクラスへの伝え方で悩んでいます。初めてのことで手さぐりです。",
  "何から相談してよいのか分かりません。夜になると不安で、だれかに聞いてほしくて書きました。",
  "仕事を休む日が増えて、家計が苦しくなってきました。使える制度があれば教えてください。",
  "病棟で働いています。転院する子の、地元の学校や保健所とのつなぎ方を知りたいです。",
  "もうすぐ大人の病院に移ります。本人がどう準備すればよいでしょうか。",
] as const;

export const sampleResponses = [
  { channel: "email", toParty: "family", whom: "", what: "お返事を送り、都合のよい時間をたずねた。" },
  {
    channel: "phone",
    toParty: "family",
    whom: "",
    what: "電話で 40 分お話をうかがった。まず学校との話し合いに同席することになった。",
  },
  {
    channel: "phone",
    toParty: "school",
    whom: "見本小学校 特別支援教育コーディネーター",
    what: "ご家族の同意を得て、入院中の学習の進め方を確認した。",
  },
  {
    channel: "meeting",
    toParty: "medical",
    whom: "見本病院 医療ソーシャルワーカー",
    what: "退院前の話し合いに出席。復学の時期と配慮を整理した。",
  },
  {
    channel: "phone",
    toParty: "health_centre",
    whom: "見本保健所 保健師",
    what: "自立支援員の面談につないだ。来週、家庭訪問の予定。",
  },
  {
    channel: "online",
    toParty: "family",
    whom: "",
    what: "ピアサポーターとオンラインで話す時間をもった。次は本人の希望で来月。",
  },
  {
    channel: "visit",
    toParty: "visiting_nurse",
    whom: "見本訪問看護ステーション",
    what: "自宅での過ごし方を一緒に確認した。",
  },
] as const;
