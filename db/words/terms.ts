/** The choices of the form, under the codes of db/terms/consultation.ts. */

import { heardFrom, relation, replyBy, schoolStage, topic } from "#db/terms/consultation.ts";

type Labels<T> = Record<keyof T, string>;

const ja = {
  replyBy: { ...replyBy, site: "このサイトで読む（メールも電話もいりません）" } as Labels<typeof replyBy>,
  relation: relation as Labels<typeof relation>,
  topic: topic as Labels<typeof topic>,
  schoolStage: schoolStage as Labels<typeof schoolStage>,
  heardFrom: heardFrom as Labels<typeof heardFrom>,
};

type Terms = typeof ja;

const easy: Terms = {
  replyBy: {
    email: "メール",
    phone: "電話",
    site: "このサイトで読む（メールも電話もいりません）",
    none: "返事はいらない（読むだけでいい）",
  },
  relation: {
    parent: "親",
    self: "病気の本人",
    sibling: "きょうだい",
    grandparent: "おじいさん、おばあさん、親せき",
    school: "学校の先生",
    medical: "病院の人",
    welfare: "福祉の仕事の人",
    government: "市役所や保健所の人",
    other: "ほかの人",
  },
  topic: {
    schooling: "学校や勉強のこと",
    return_to_school: "学校にもどること",
    local_resources: "助けてくれるところをさがす",
    respite: "子どもをあずける、休む",
    home_medical: "家での病気の世話",
    facility: "施設で暮らすこと",
    siblings: "きょうだいのこと",
    work_money: "仕事やお金のこと",
    peer: "同じ経験をした人と話す",
    transition: "おとなの病院に変わること",
    advice: "気持ちのこと、何をするか分からない",
    other: "ほかのこと",
  },
  schoolStage: {
    before: "小学校に入る前",
    elementary: "小学生",
    junior_high: "中学生",
    high: "高校生",
    after: "高校を出たあと",
    unknown: "言いたくない、分からない",
  },
  heardFrom: {
    search: "インターネットでさがした",
    advertisement: "広告を見た",
    hospital: "病院の人から聞いた",
    school: "学校の人から聞いた",
    public_office: "市役所や保健所の人から聞いた",
    friend: "家族や友だちから聞いた",
    leaflet: "紙のお知らせを見た",
    event: "話を聞く会で知った",
    other: "ほか",
  },
};

const en: Terms = {
  replyBy: {
    email: "By e-mail",
    phone: "By telephone (in Japanese)",
    site: "On this site (no e-mail, no telephone)",
    none: "No reply needed (please just read it)",
  },
  relation: {
    parent: "Parent or guardian",
    self: "I am the one who is ill",
    sibling: "Brother or sister",
    grandparent: "Grandparent or relative",
    school: "Teacher or school nurse",
    medical: "Hospital or visiting nurse",
    welfare: "Welfare or support office",
    government: "Health centre, city office or board of education",
    other: "Other",
  },
  topic: {
    schooling: "School and learning",
    return_to_school: "Going back to school",
    local_resources: "Support near us",
    respite: "Short stays and rest",
    home_medical: "Medical care at home",
    facility: "Living in a facility",
    siblings: "Brothers and sisters",
    work_money: "Work and money",
    peer: "Talking to somebody who has been through it",
    transition: "Moving to adult care",
    advice: "How I feel, or where to begin",
    other: "Something else",
  },
  schoolStage: {
    before: "Before school",
    elementary: "Elementary school",
    junior_high: "Junior high school",
    high: "High school",
    after: "After high school",
    unknown: "I would rather not say",
  },
  heardFrom: {
    search: "Internet search",
    advertisement: "Search or video advertisement",
    hospital: "Hospital",
    school: "School",
    public_office: "Health centre or city office",
    friend: "Family or friends",
    leaflet: "Leaflet",
    event: "Talk or event",
    other: "Other",
  },
};

export const terms = { ja, easy, en };
