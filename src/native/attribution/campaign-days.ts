import type { Static } from 'typebox';
import { nothing } from '../../core/attribution/tally.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { countTouchpoints } from '../../query/attribution/count-touchpoints.ts';
import { readSpendRows } from '../../query/attribution/read-spend.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import type { CampaignDaysQuery, CampaignDaysReply } from './campaign-schemas.ts';
import { findCampaign, presentCampaign } from './campaigns.ts';
import { joinRows, presentAsked, presentReport, valueFormOf } from './present.ts';
import { readAsked, readDays } from './question.ts';
import { findTally } from './tally.ts';

/**
 * What a campaign had, brought and cost day by day: the rows that a report by days has of it, and its touchpoints beside.
 * @throws RequestError `invalid-request`, `not-found`, `took-too-long`
 */
export async function answerCampaignDays(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  cached: Workspace,
  key: string,
  query: Static<typeof CampaignDaysQuery>,
): Promise<Static<typeof CampaignDaysReply>> {
  const { database } = services;
  const { model, dateOf } = query;
  const { campaign, touchedBy } = await findCampaign(services, dialects, cached, key);
  const asked = await readAsked(services, cached, query);
  const { workspace, settings } = asked;
  const days = readDays(workspace, query, services.clock());
  const byDay = { grouping: 'campaign', interval: 'day', days } as const;
  const question = { ...byDay, settings, model, isOfTouches: dateOf === 'touch' };
  const { tally, ...frame } = await findTally(services, asked, question);
  const readers = dialects.flatMap(({ attribution }) => attribution?.spend ?? []);
  const [spend, touchpoints] = await Promise.all([
    readSpendRows(database, workspace, readers, byDay),
    countTouchpoints(database, workspace, touchedBy, days),
  ]);
  const rows = joinRows(tally, spend).filter((row) => row.key === key);
  const known = new Set(rows.map(({ interval }) => interval));
  const idle = [...touchpoints.keys()].filter((day) => !known.has(day));
  const report = presentReport(
    {
      asked,
      parameters: { model, ...days, groupBy: 'campaign', interval: 'day', dateOf, ...frame },
      form: valueFormOf(asked, tally.isMoney),
      nameOf: () => ({ key, label: campaign.label }),
    },
    [...rows, ...idle.map((day) => ({ ...unsuccessful, interval: day, key }))],
    new Map(),
  );
  return {
    parameters: { ...presentAsked(asked), model, ...days, dateOf },
    campaign: presentCampaign(campaign),
    days: report.rows.flatMap(({ interval, key: _key, label: _label, ...figures }) =>
      interval === null ? [] : [{ day: interval, touchpoints: touchpoints.get(interval) ?? 0, ...figures }],
    ),
    total: {
      touchpoints: [...touchpoints.values()].reduce((sum, count) => sum + count, 0),
      touches: rows.reduce((sum, { touches }) => sum + touches, 0),
      ...report.total,
    },
  };
}

/** A day whose touchpoints have led to nothing. */
const unsuccessful = { touches: 0, people: 0, ...nothing, spend: undefined } as const;
