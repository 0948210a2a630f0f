import type { Static } from 'typebox';
import { countableOf } from '../../../../core/value/amount.ts';
import { isRecord } from '../../../../core/value/text.ts';
import type { Page } from '../../../../query/page.ts';
import { checkValue } from '../../field-type/field-type.ts';
import type { MetricSetting } from '../../metric/set-metric.ts';
import { invalid, parseDate, parseObject, parsePage, parseQueryDate } from '../parse.ts';
import type { EventMetricsQuery } from './schemas.ts';

/** The body of a state's or statistic's call. @throws RequestError `invalid-request` */
export function parseSetting(
  body: unknown,
  place: Pick<MetricSetting, 'eventId' | 'entity' | 'key'>,
  currency: string,
  receivedAt: number,
): MetricSetting {
  const { value: raw, date } = parseObject(body, 'body');
  const type = place.entity === 'state' ? 'state' : isRecord(raw) ? 'currency' : 'number';
  const context = { phoneCountries: [], currency, receivedAt: new Date(receivedAt) };
  const checked = checkValue(type, raw, context);
  if (!checked.valid) throw invalid(messages[type]);
  if (!countableOf(checked.current)) throw invalid('value has more digits than are counted exactly');
  return {
    ...place,
    raw: isRecord(raw) ? { amount: raw.amount, currency: raw.currency } : raw,
    occurredAt: (parseDate(date, 'date') ?? new Date(receivedAt)).getTime(),
    receivedAt,
  };
}

const messages = {
  state: 'value must be one of the following values: 0, 1',
  currency:
    'value must have a number as its amount and an ISO 4217 code as its currency, as {"amount":12.5,"currency":"EUR"}',
  number: 'value must be a number conforming to the specified constraints, as 12.5',
} as const;

/** Which of an event's metrics are asked for. */
export interface MetricsFilter {
  readonly type: 'state' | 'statistic' | undefined;
  /** Both inclusive, of the metric's own date. */
  readonly since: Date | undefined;
  readonly until: Date | undefined;
  readonly sort: 'createdAt' | 'updatedAt' | 'metricDate' | undefined;
  readonly descending: boolean;
  readonly page: Page;
}

/** @throws RequestError `invalid-request` */
export function parseMetricsQuery(query: Static<typeof EventMetricsQuery>): MetricsFilter {
  return {
    type: query.type,
    since: parseQueryDate(query.since, 'since'),
    until: parseQueryDate(query.until, 'until'),
    sort: query.sort,
    descending: query.order === 'DESC',
    page: parsePage(query),
  };
}
