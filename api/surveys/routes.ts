import { Hono } from "hono";
import { answerPdf } from "#api/guides/pdf-answer.ts";
import type { AppEnv } from "#api/http/context.ts";
import { reportOf } from "./surveys.ts";

export const surveyRoutes = new Hono<AppEnv>().get("/surveys/:slug/report.pdf", async (c) =>
  answerPdf(c, await reportOf(c.req.param("slug"))),
);
