/** The command `report keywords`, with any view of the report. */

import { reportKeywordsCommand } from "#analytics/keywords/command.ts";
import { costEachOf, rateOf } from "#analytics/keywords/rates.ts";
import { decimalOf } from "#analytics/money.ts";
import { type Commands, textOption } from "#db/command.ts";
import type { GroupRow } from "./groups.ts";
import { readReport, type RowSums, type ViewRow } from "./read.ts";
import { type ViewInput, viewFromInput } from "./view.ts";

/**
 * The report as JSON: what it says of the period (keywords/command.ts), and the rows of a view as `groups`, with
 * their intervals, all of them. Throws Invalid, by field, for a wrong option.
 */
export async function reportViewCommand(input: ViewInput) {
  const view = viewFromInput(input);
  const [report, { found, sums, compared, remainders }] = await Promise.all([
    reportKeywordsCommand(view.period),
    readReport(view),
  ]);
  return {
    ...report,
    by: view.by,
    groups: found.map((row) => ({ ...valuesOf(row), ...wasOf(row) })),
    groupTotals: valuesOfSums(sums),
    compared: compared && { period: compared.period, groupTotals: valuesOfSums(compared.sums) },
    remainders: remainders.map(({ cost, currency, ...rest }) => ({
      ...rest,
      currency,
      cost: decimalOf(cost, currency),
    })),
  };
}

const wasOf = ({ was }: ViewRow) => (was ? { was: valuesOf(was) } : {});

const costValues = ({ costs }: Pick<GroupRow, "costs">) =>
  costs.map((sum) => ({ ...sum, cost: decimalOf(sum.cost, sum.currency), each: costEachOf(sum) }));

const valuesOf = ({ key: _key, costs, ...row }: GroupRow) => {
  const { was: _was, ...values } = row as ViewRow;
  return { ...values, rate: rateOf(row.people, row.landings), costs: costValues({ costs }) };
};

const valuesOfSums = ({ rows, totals, costs }: RowSums) => ({ rows, ...totals, costs: costValues({ costs }) });

export const keywordCommands: Commands = {
  "report keywords": {
    makesNone: true,
    usage:
      "report keywords [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--unit week|month] [--compare previous|year] " +
      "[--by keyword|campaign|ad_group|match_type|device|page|account] [--q WORDS] [--sort COLUMN] [--dir asc|desc]",
    words: [0, 0],
    options: {
      ...{ from: textOption, to: textOption, unit: textOption, compare: textOption },
      ...{ by: textOption, q: textOption, sort: textOption, dir: textOption },
    },
    run: async (_, { from, to, unit, compare, by, q, sort, dir }) => {
      const { lines, ...value } = await reportViewCommand({ from, to, unit, compare, by, q, sort, dir });
      return { value, lines };
    },
  },
};
