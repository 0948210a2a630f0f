import type { ReadSpend, SpendDay } from '../../../core/attribution/spend.ts';
import { fromUnits, minorDigitsOf, toUnits } from '../../../core/attribution/units.ts';
import { readOutlaysBetween, type SpentOutlay } from './outlay-store.ts';
import { type LocalDay, localDaysOf, spreadOutlay } from './spread-outlay.ts';

/** What the campaigns of integrations cost by day: their outlays, each spread evenly over its time. */
export const readSpend: ReadSpend = async (connection, workspace, { since, until }) => {
  const days = localDaysOf(workspace.timezone, since, until);
  const [first, end] = [days.at(0), days.at(-1)];
  if (!first || !end || first.starts >= end.starts) return [];
  const outlays = await readOutlaysBetween(connection, workspace.id, first.starts, end.starts);
  return outlays.flatMap((outlay) => spendOf(outlay, days));
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
