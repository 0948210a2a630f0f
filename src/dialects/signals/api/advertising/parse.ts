import type { Page } from '../../../../query/page.ts';
import type { AskedDays } from '../../advertising/query/view-ads.ts';
import { utcDayOf } from '../../conversation/day-measures.ts';
import { type ParameterReader, readerOfQuery } from '../parameters.ts';

/** docs/spec/signals.md section 0. */
const maximumLimit = 100;
const defaultLimit = 20;

export const campaignLevels = ['campaign', 'ad_set', 'ad', 'keyword', 'conversion'] as const;
export const adLevels = ['ad', 'keyword', 'conversion'] as const;

export interface InsightsQuestion<Level> {
  /** null: all days. */
  readonly span: AskedDays | null;
  readonly level: Level;
}

/** @throws RequestError `invalid-request`; nothing is clamped (C8) */
export function parseAdPage(query: unknown): Page & { readonly campaignId: string | null } {
  const reader = readerOfQuery(query);
  const page = { ...readPage(reader), campaignId: reader.readText('campaign_id') ?? null };
  reader.finish();
  return page;
}

/** @throws RequestError `invalid-request` */
export function parsePage(query: unknown): Page {
  const reader = readerOfQuery(query);
  const page = readPage(reader);
  reader.finish();
  return page;
}

/** The query of `GET …/ads/{adId}/insights`. @throws RequestError `invalid-request` */
export function parseAdInsights(query: unknown): InsightsQuestion<(typeof adLevels)[number]> {
  const reader = readerOfQuery(query);
  const question = { span: readSpan(reader), level: reader.readOneOf('level', adLevels) ?? 'ad' };
  reader.finish();
  return question;
}

/** The query of `GET …/campaigns/{campaignId}/insights` (C5). @throws RequestError `invalid-request` */
export function parseCampaignInsights(
  query: unknown,
): InsightsQuestion<(typeof campaignLevels)[number]> & { readonly isDaily: boolean; readonly page: Page } {
  const reader = readerOfQuery(query);
  const question = {
    span: readSpan(reader),
    level: reader.readOneOf('level', campaignLevels) ?? 'campaign',
    isDaily: reader.readOneOf('format', ['daily']) === 'daily',
    page: readPage(reader),
  };
  reader.finish();
  return question;
}

function readPage(reader: ParameterReader): Page {
  return {
    limit: reader.readInteger('limit', 1, maximumLimit) ?? defaultLimit,
    offset: reader.readInteger('offset', 0, Number.MAX_SAFE_INTEGER) ?? 0,
  };
}

/** Figures are kept by day: a time of day counts as its whole day. */
function readSpan(reader: ParameterReader): AskedDays | null {
  const since =
    reader.readText('date_from') === undefined ? undefined : reader.readDate('date_from', 'start');
  const before = reader.readText('date_to') === undefined ? undefined : reader.readDate('date_to', 'end');
  if (since && before && since >= before)
    reader.fault('date_to', 'ensure that date_to is not before date_from', 'value_error');
  if (!since && !before) return null;
  return {
    first: since ? utcDayOf(since.getTime()) : null,
    last: before ? utcDayOf(before.getTime() - 1) : null,
  };
}
