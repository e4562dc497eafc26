/** The frame of the mail with a guide: its title, its button, and where it leads on to. */

const ja = {
  title: "資料のご案内",
  button: "資料を開く",
  heading: "このほかにできること",
  ask: "気になることがあれば、ご家族からでも、学校や病院の方からでも、ひとことからご相談いただけます。",
  askLink: "相談する",
  event: (day: string, hours: string) => `次の催し：${day} ${hours}`,
  guide: "ほかの資料",
};

type Words = typeof ja;

const easy: Words = {
  title: "資料をとどけます",
  button: "資料を開く",
  heading: "ほかにできること",
  ask: "こまっていることがあったら、相談してください。少しだけ書いてもいいです。",
  askLink: "相談する",
  event: (day, hours) => `次の集まり：${day} ${hours}`,
  guide: "ほかの資料（日本語）",
};

const en: Words = {
  title: "Your guide",
  button: "Open the guide",
  heading: "What else you can do",
  ask: "You may ask us anything, as a family or as somebody who works with one. One sentence is enough.",
  askLink: "Write to us",
  event: (day, hours) => `Our next meeting: ${day}, ${hours}`,
  guide: "Another guide (in Japanese)",
};

export const guideMail = { ja, easy, en };
