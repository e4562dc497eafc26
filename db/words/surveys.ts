/** Sentences of the pages, PDFs and commands with the results of surveys, in Japanese alone. */

export const surveyWords = {
  title: "調査の結果",
  description: "病気や療養が続く子どもについて、学校などにおたずねした結果を、数と図でお知らせします。",
  about: "学校などにおたずねした結果を、数と図でお知らせします。どなたでも読めます。PDFもあります。",
  /** Its link on the page of guides. */
  onGuides: "学校などにおたずねした結果を、数と図で読めます。メールアドレスはいりません。",
  invented: "見本のための、架空の調査です。",
  back: "調査の結果の一覧",
  period: "調査の期間",
  asked: "たずねた相手",
  sent: "送った数",
  answered: "答えた数",
  choice: "選択肢",
  count: "数",
  share: "割合",
  total: "計",
  noAnswer: "無回答・記録なし",
  unrecorded: "記録なし",
  together: "数の少ないものの合計",
  few: (threshold: number, unit: string) => `${threshold}${unit}未満`,
  nearlyAll: (least: number, unit: string) => `${least}${unit}以上`,
  withheld: "載せません",
  one: "ひとつ選ぶ設問",
  several: "いくつか選べる設問",
  answers: (count: string) => `。答えた数は${count}`,
  nothing: "数が少なく、だれのことか分かるかもしれないため、この設問の結果は載せません。",
  aboutNumbers: "数について",
  /** What holds for all the numbers of a survey. */
  notes: {
    small: (threshold: number, unit: string) =>
      `${threshold}${unit}より少ない数は、だれのことか分かるかもしれないため、そのままでは載せていません。ほかの数とまとめるか、「${threshold}${unit}未満」と書いています。0と、答えがなかった数は、そのまま載せています。`,
    shares: "割合は、その設問に答えた数に対するものです。四捨五入しているため、足しても100%にならないことがあります。",
    several: "いくつか選べる設問では、足すと100%をこえることがあります。",
  },
  pdf: (pages: number, size: string) => `PDFで読む（${pages}ページ、${size}）`,
  published: "公開した日",
} as const;

/** The notes that a survey needs. */
export const surveyNotes = (threshold: number, unit: string, hasSeveral: boolean): string[] => [
  surveyWords.notes.small(threshold, unit),
  surveyWords.notes.shares,
  ...(hasSeveral ? [surveyWords.notes.several] : []),
];
