/** What a file of journeys plays on: the whole product, a letterbox that its mails reach, and a browser. */

import { afterAll } from "vitest";
import { openLetterbox, startApp } from "../app.ts";
import { openBrowser } from "../browser.ts";

/** Sets the stage, and clears it after the last test of the file. */
export async function setStage() {
  const letterbox = await openLetterbox();
  const app = await startApp(letterbox);
  const browser = await openBrowser();
  afterAll(async () => {
    await browser.close();
    await app.close();
    await letterbox.close();
  });
  return { letterbox, app, browser };
}
