import { explainViolation } from '../../../../core/quarantine/explain-violation.ts';
import { RequestError } from '../../../../errors.ts';
import { ingestOperation } from '../../../../http/ingest-operation.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import type { Services } from '../../../dialect.ts';
import { inProject } from '../../access.ts';
import { metricItem } from '../../metric/set-metric.ts';
import { computeEvents, findEventOf } from '../../query/computed-events.ts';
import { eventNotFound, parseEventId } from '../events/parse.ts';
import { presentEvent } from '../events/present.ts';
import { EventParameters, EventReply } from '../events/schemas.ts';
import { invalid } from '../parse.ts';
import { parseMetricsQuery, parseSetting } from './parse.ts';
import { presentEventMetrics } from './present.ts';
import { EventMetricsQuery, MetricParameters, SettingReply, StateBody, StatisticBody } from './schemas.ts';

const event = '/api/v1/projects/:projectId/events/:id';

/** docs/spec/webmarketer.md A1, B5: states and statistics of a stored event. */
export const metricOperations: readonly Operation<Services>[] = [
  setting('state', StateBody),
  setting('statistic', StatisticBody),
  operation({
    method: 'GET',
    path: `${event}/metrics`,
    summary: 'Get an event with some of its metrics',
    guard: inProject,
    checks: { path: EventParameters, query: EventMetricsQuery },
    replies: { 200: EventReply },
    handle: async ({ services, access, path: { projectId, id }, query }) => {
      const filter = parseMetricsQuery(query);
      const found = await findEventOf(services, access.workspace, 'webmarketer', parseEventId(id));
      const [computed] = found ? await computeEvents(services, access.workspace, [found]) : [];
      if (!computed) throw eventNotFound();
      return presentEventMetrics(presentEvent(projectId, computed), filter);
    },
  }),
];

function setting(entity: 'state' | 'statistic', documented: object): Operation<Services> {
  return ingestOperation({
    method: 'PATCH',
    path: `${event}/${entity}s/:storageKey`,
    summary: `Set a ${entity} of an event`,
    guard: inProject,
    checks: { path: MetricParameters },
    documents: { body: documented },
    example: { value: 100, date: '2026-03-02T09:30:00.000Z' },
    replies: { 200: SettingReply },
    dialect: 'webmarketer',
    read: ({ access: { workspace }, path: { id, storageKey }, body }, receivedAt) => {
      const place = { eventId: parseEventId(id), entity, key: storageKey };
      const wanted = parseSetting(body, place, workspace.currency, receivedAt);
      return {
        source: null,
        size: 1,
        carriesEvents: false,
        prepare: ({ currency }) => [metricItem(wanted, currency)],
      };
    },
    present: ([outcome]) => answerOf(outcome),
  });
}

/** @throws RequestError `not-found`, `invalid-request` */
function answerOf(outcome: Outcome | undefined) {
  if (outcome?.kind === 'measured')
    return { modifiedCount: 1, ...(outcome.counted ? {} : { warning: noRateWarning }) };
  if (outcome?.kind === 'dropped')
    throw invalid(`The value was not stored. ${explainViolation({ rule: outcome.reason, path: null })}`);
  if (outcome?.kind !== 'refused') throw new Error(`setting a metric cannot end as ${outcome?.kind}`);
  if (outcome.reason === 'no-such-event') throw eventNotFound();
  if (outcome.reason === 'invalid-metric')
    throw invalid(
      'value must be of the type of the field: 0 or 1 for a state, a number for a statistic, with amount and currency where it is money',
    );
  throw new RequestError('not-found', 'No storageKey matching field in this eventType');
}

const noRateWarning =
  'There is no exchange rate for this currency and date: the amount is kept, and is in no sum';
