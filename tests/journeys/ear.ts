/** What a screen reader says, read from the browser's accessibility tree: name, role, state, explanation. */

import type { Page as Tab } from "playwright-core";

interface Value {
  value?: unknown;
}
interface Node {
  nodeId: string;
  parentId?: string;
  ignored: boolean;
  role?: Value;
  name?: Value;
  description?: Value;
  value?: Value;
  properties?: { name: string; value: Value }[];
}

/** Roles as Japanese screen readers name them. */
const roles: Record<string, string> = {
  link: "リンク",
  button: "ボタン",
  textbox: "入力欄",
  radio: "ラジオボタン",
  checkbox: "チェックボックス",
  combobox: "選択欄",
  DisclosureTriangle: "開閉ボタン",
  alert: "警告",
};

/** What one enters and hears about once. */
const groups: Record<string, string> = {
  navigation: "ナビゲーション",
  main: "本文",
  group: "グループ",
  region: "まとまり",
  complementary: "補足",
  contentinfo: "フッター",
};

const text = (value: Value | undefined) => (typeof value?.value === "string" ? value.value : "");
const property = (node: Node, name: string) => node.properties?.find((one) => one.name === name)?.value.value;

function states(node: Node): string[] {
  const role = text(node.role);
  const checked = property(node, "checked");
  const expanded = property(node, "expanded");
  return [
    ...(role === "textbox" && property(node, "multiline") === true ? ["複数行"] : []),
    ...(role === "textbox" && text(node.value) !== "" ? [`「${text(node.value)}」`] : []),
    ...(role === "radio" || role === "checkbox" ? [checked === "true" ? "チェックあり" : "チェックなし"] : []),
    ...(typeof expanded === "boolean" && role !== "combobox" ? [expanded ? "開いています" : "閉じています"] : []),
    ...(property(node, "invalid") === "true" ? ["入力に誤りがあります"] : []),
  ];
}

export interface Ear {
  /** The title, which is heard whenever a page opens. */
  page: () => Promise<string>;
  /** What has the focus now, after the innermost group it is in. */
  here: () => Promise<string[]>;
  /**
   * Presses Tab from stop to stop until one that `ends`, and says the page and every stop, with the
   * groups that are entered on the way. At a stop whose name begins with a key of `answers` types its value.
   */
  walk: (ends: (said: string) => boolean, answers?: Record<string, string>) => Promise<string[]>;
}

/** An ear at this tab. */
export async function listen(tab: Tab): Promise<Ear> {
  const tree = await tab.context().newCDPSession(tab);
  await tree.send("Accessibility.enable");

  async function focused(): Promise<Node[]> {
    const { result } = await tree.send("Runtime.evaluate", { expression: "document.activeElement" });
    const { nodes } = await tree.send("Accessibility.getPartialAXTree", { objectId: result.objectId ?? "" });
    const all = new Map((nodes as unknown as Node[]).map((node) => [node.nodeId, node]));
    const way: Node[] = [];
    for (let node = (nodes as unknown as Node[])[0]; node; node = all.get(node.parentId ?? "")) way.push(node);
    return way;
  }

  const say = (node: Node | undefined) => {
    if (!node) return "";
    const role = text(node.role);
    const said = [text(node.name), roles[role] ?? role, ...states(node)].filter(Boolean).join("、");
    return [said, text(node.description)].filter(Boolean).join("。");
  };
  const groupsOf = (way: Node[]) =>
    way
      .slice(1)
      .filter((node) => !node.ignored && groups[text(node.role)] !== undefined)
      .filter((node) => text(node.name) !== "" || text(node.role) !== "group")
      .map((node) => {
        const entered = [text(node.name), groups[text(node.role)]].filter(Boolean).join("、");
        return `（${[entered, text(node.description)].filter(Boolean).join("。")}）`;
      })
      .toReversed();
  const page = async () => `（ページ）${await tab.title()}`;

  return {
    page,
    here: async () => {
      const way = await focused();
      return [...groupsOf(way).slice(-1), say(way[0])];
    },
    walk: async (ends, answers = {}) => {
      const heard = [await page()];
      let inside: string[] = [];
      for (let stops = 0; stops < 60; stops++) {
        await tab.keyboard.press("Tab");
        const way = await focused();
        const around = groupsOf(way);
        heard.push(...around.filter((group) => !inside.includes(group)));
        inside = around;
        const said = say(way[0]);
        heard.push(said);
        if (ends(said)) return heard;
        const typed = Object.entries(answers).find(([name]) => said.startsWith(name))?.[1];
        if (typed === " ") await tab.keyboard.press("Space");
        else if (typed !== undefined) await tab.keyboard.insertText(typed);
      }
      throw new Error(`never reached:\n${heard.join("\n")}`);
    },
  };
}
