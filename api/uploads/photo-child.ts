/** Program (started by photo.ts in a process of its own) that decodes an uploaded picture for the site. */

import { answerOnce } from "./decode.ts";
import { photoFiles } from "./photo-files.ts";

answerOnce(photoFiles);
