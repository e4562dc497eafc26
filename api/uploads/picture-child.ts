/** Program (started by logo.ts in a process of its own) that decodes an uploaded JPEG, PNG or WebP. */

import { answerOnce } from "./decode.ts";
import { logoFiles } from "./logo-files.ts";

answerOnce(logoFiles);
