import type { Grouping } from '../../core/attribution/grouping.ts';
import type { ReadSpend } from '../../core/attribution/spend.ts';
import { type SpendRow, sumSpend } from '../../core/attribution/sum-spend.ts';
import { readExchangeRates } from '../../core/exchange-rate/exchange-rate-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { type AskedDays, type AttributionInterval, boundsOf, labelIn } from './local-interval.ts';

/** What was spent in the days, by group and interval: all that the dialects know of. */
export async function readSpendRows(
  connection: Queryable,
  workspace: Workspace,
  readers: readonly ReadSpend[],
  question: {
    readonly days: AskedDays;
    readonly grouping: Grouping;
    readonly interval: AttributionInterval | null;
  },
): Promise<SpendRow[]> {
  const { currency } = workspace;
  const asked = { ...question.days, bounds: boundsOf(question.days, question.interval) };
  const told = await Promise.all(readers.map((read) => read(connection, workspace, asked)));
  const days = told.flat();
  const foreign = days.filter((day) => day.currency !== currency);
  const rates = await readExchangeRates(
    connection,
    foreign.map(({ currency: from, day }) => ({ from, to: currency, day })),
  );
  const { grouping, interval } = question;
  return sumSpend(days, { grouping, intervalOfDay: labelIn(interval), currency, rates });
}
