/** The view that a page's address names, with a sentence for each wrong value. */

import { readView, type View, type ViewInput, viewNames } from "#analytics/report-view/view.ts";

/** Reads the view; where a value is wrong, the page shows the default, its sentence, and status 422. */
export function readPageView(page: { url: URL; locals: App.Locals; response: { status?: number } }): View {
  const input: ViewInput = Object.fromEntries(viewNames.map((name) => [name, page.url.searchParams.get(name)]));
  const { view, errors } = readView(input);
  if (Object.keys(errors).length > 0) {
    page.locals.form = { name: "report", values: {}, errors };
    page.response.status = 422;
  }
  return view;
}
