/** What a file of journeys needs: the whole product, an SMTP server that receives its mails, and a browser. */

import { afterAll } from "vitest";
import { startApp } from "../app.ts";
import { openBrowser } from "../browser.ts";
import { startMailServer } from "../mail-server.ts";

/** Starts them, and closes them after the last test of the file. */
export async function startAppAndBrowser() {
  const mailServer = await startMailServer();
  const app = await startApp(mailServer);
  const browser = await openBrowser();
  afterAll(async () => {
    await browser.close();
    await app.close();
    await mailServer.close();
  });
  return { mailServer, app, browser };
}
