/** What a screen reader announces, read from the browser's accessibility tree: name, role, state, description. */

import type { CDPSession, Page as Tab } from "playwright-core";

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
  DisclosureTriangleGrouped: "開閉ボタン",
  alert: "警告",
};

/** Roles of groups, which are announced once, when the focus enters them. */
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

export interface ScreenReader {
  /** The title, which is announced whenever a page opens. */
  announcePage: () => Promise<string>;
  /** What has the focus now, after the innermost group it is in. */
  announceFocus: () => Promise<string[]>;
  /**
   * Presses Tab from stop to stop until one whose announcement is `last`; returns the page and every stop, with the
   * groups that are entered on the way. At a stop whose announcement begins with a key of `answers` it types the value.
   */
  tabUntil: (last: (announcement: string) => boolean, answers?: Record<string, string>) => Promise<string[]>;
}

/** Reads this tab from now on. */
export async function openScreenReader(tab: Tab): Promise<ScreenReader> {
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send("Accessibility.enable");
  const announcePage = async () => `（ページ）${await tab.title()}`;
  return {
    announcePage,
    announceFocus: async () => {
      const path = await pathToFocus(devtools);
      return [...groupsOf(path).slice(-1), announcementOf(path[0])];
    },
    tabUntil: async (last, answers = {}) => {
      const announced = [await announcePage()];
      let groupsBefore: string[] = [];
      for (let stops = 0; stops < 60; stops++) {
        await tab.keyboard.press("Tab");
        const path = await pathToFocus(devtools);
        const groupsNow = groupsOf(path);
        const announcement = announcementOf(path[0]);
        announced.push(...groupsNow.filter((group) => !groupsBefore.includes(group)), announcement);
        groupsBefore = groupsNow;
        if (last(announcement)) return announced;
        const answer = Object.entries(answers).find(([name]) => announcement.startsWith(name))?.[1];
        if (answer === " ") await tab.keyboard.press("Space");
        else if (answer !== undefined) await tab.keyboard.insertText(answer);
      }
      throw new Error(`never reached:\n${announced.join("\n")}`);
    },
  };
}

/** What has the focus, then each of its ancestors. */
async function pathToFocus(devtools: CDPSession): Promise<Node[]> {
  const { result } = await devtools.send("Runtime.evaluate", { expression: "document.activeElement" });
  const answer = await devtools.send("Accessibility.getPartialAXTree", { objectId: result.objectId ?? "" });
  const nodes = answer.nodes as unknown as Node[];
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const path: Node[] = [];
  for (let node = nodes[0]; node; node = byId.get(node.parentId ?? "")) path.push(node);
  return path;
}

function announcementOf(node: Node | undefined): string {
  if (!node) return "";
  const role = text(node.role);
  const parts = [text(node.name), roles[role] ?? role, ...states(node)].filter(Boolean).join("、");
  return [parts, text(node.description)].filter(Boolean).join("。");
}

/** The groups around what has the focus, outermost first; those without a name only where the role says enough. */
const groupsOf = (path: Node[]): string[] =>
  path
    .slice(1)
    .filter((node) => !node.ignored && groups[text(node.role)] !== undefined)
    .filter((node) => text(node.name) !== "" || text(node.role) !== "group")
    .map((node) => {
      const name = [text(node.name), groups[text(node.role)]].filter(Boolean).join("、");
      return `（${[name, text(node.description)].filter(Boolean).join("。")}）`;
    })
    .toReversed();
