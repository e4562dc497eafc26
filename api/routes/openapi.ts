import { Hono } from "hono";
import type { House } from "../context.ts";
import { openapiDocument } from "../openapi.ts";

export const openapi = new Hono<House>().get("/api/openapi.json", (c) => c.json(openapiDocument()));
