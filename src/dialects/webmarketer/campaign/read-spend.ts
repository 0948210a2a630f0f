import type { ReadSpend, SpendDay } from '../../../core/attribution/spend.ts';
import { fromUnits, minorDigitsOf, toUnits } from '../../../core/attribution/units.ts';
import { readOutlaysBetween, type SpentOutlay } from './outlay-store.ts';
import { type LocalDay, localDayOf, localDaysOf, spreadOutlay } from './spread-outlay.ts';

/** What the campaigns of integrations cost by day: their outlays, each spread evenly over its time. */
export const readSpend: ReadSpend = async (connection, workspace, { since, until, bounds }) => {
  const { timezone, currency } = workspace;
  const parts = bounds.map((day) => localDayOf(timezone, Temporal.PlainDate.from(day)));
  const [first, end] = [parts.at(0), parts.at(-1)];
  if (!first || !end || first.starts >= end.starts) return [];
  const outlays = await readOutlaysBetween(connection, workspace.id, first.starts, end.starts);
  const isForeign = (outlay: SpentOutlay) => outlay.currency !== currency;
  const days = outlays.some(isForeign) ? localDaysOf(timezone, since, until) : [];
  // What is spent by the end of an interval less what was by its beginning is what its days sum to.
  return outlays.flatMap((outlay) => spendOf(outlay, isForeign(outlay) ? days : parts));
};

function spendOf(outlay: SpentOutlay, days: readonly LocalDay[]): SpendDay[] {
  const { campaignId, sourceId, currency, amount } = outlay;
  const digits = minorDigitsOf(currency);
  const origin = {
    dialect: 'webmarketer',
    // Of the visits that the campaign brings (core/campaign/touchpoint.ts).
    channel: 'custom-ads',
    sourceId,
    campaignId,
    adId: null,
    platformCampaign: null,
    utmSource: null,
    utmMedium: null,
  } as const;
  return spreadOutlay(outlay, toUnits(amount, digits), days).map(({ day, units }) => ({
    origin,
    day,
    amount: fromUnits(units, digits),
    currency,
  }));
}
