import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isUuid } from '../../../../core/id.ts';
import { explainViolation } from '../../../../core/quarantine/explain-violation.ts';
import { RequestError } from '../../../../errors.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Services } from '../../../dialect.ts';
import { admit, projectOf } from '../../access.ts';
import { metricItem } from '../../metric/set-metric.ts';
import { computeEvents, findEventOf } from '../../query/computed-events.ts';
import { invalid } from '../parse.ts';
import { presentEvent } from '../present.ts';
import { EventParameters, EventReply } from '../schemas.ts';
import { type MetricsQuery, parseMetricsQuery, parseSetting } from './parse.ts';
import { presentEventMetrics } from './present.ts';
import { EventMetricsQuery, MetricParameters, SettingReply, StateBody, StatisticBody } from './schemas.ts';

const event = '/api/v1/projects/:projectId/events/:id';

/** docs/spec/webmarketer.md A1, B5: states and statistics of a stored event. */
export function registerMetricRoutes(app: FastifyInstance, services: Services): void {
  registerSetting(app, services, 'state');
  registerSetting(app, services, 'statistic');
  app.route({
    method: 'GET',
    url: `${event}/metrics`,
    schema: {
      tags: ['Webmarketer'],
      summary: 'Get an event with some of its metrics',
      params: EventParameters,
      querystring: EventMetricsQuery,
      response: { 200: EventReply },
    },
    onRequest: (request) => admit(services, request),
    handler: (request) => getMetrics(services, request),
  });
}

function registerSetting(app: FastifyInstance, services: Services, entity: 'state' | 'statistic'): void {
  app.route({
    method: 'PATCH',
    url: `${event}/${entity}s/:storageKey`,
    schema: {
      tags: ['Webmarketer'],
      summary: `Set a ${entity} of an event`,
      params: MetricParameters,
      body: entity === 'state' ? StateBody : StatisticBody,
      response: { 200: SettingReply },
    },
    onRequest: (request) => admit(services, request),
    handler: async (request) => {
      const { access } = projectOf(request);
      const { storageKey } = request.params as { storageKey: string };
      const place = { eventId: eventIdOf(request), entity, key: storageKey };
      const receivedAt = services.clock();
      const setting = parseSetting(request.body, place, access.workspace.currency, receivedAt);
      const submitted = await services.ingest.submit(access.workspace.id, {
        dialect: 'webmarketer',
        receivedAt,
        carriesEvents: false,
        bytes: request.rawBody.length,
        size: 1,
        prepare: ({ currency }) => [metricItem(setting, currency)],
        raw: () => request.rawBody,
        request: {},
      });
      return answerOf(committedOutcomes(submitted)[0]!);
    },
  });
}

/** @throws RequestError `not-found`, `invalid-request` */
function answerOf(outcome: Outcome) {
  if (outcome.kind === 'measured')
    return { modifiedCount: 1, ...(outcome.counted ? {} : { warning: noRateWarning }) };
  if (outcome.kind === 'dropped')
    throw invalid(`The value was not stored. ${explainViolation({ rule: outcome.reason, path: null })}`);
  if (outcome.kind !== 'refused') throw new Error(`setting a metric cannot end as ${outcome.kind}`);
  if (outcome.reason === 'no-such-event') throw eventNotFound();
  if (outcome.reason === 'invalid-metric')
    throw invalid(
      'value must be of the type of the field: 0 or 1 for a state, a number for a statistic, with amount and currency where it is money',
    );
  throw new RequestError('not-found', 'No storageKey matching field in this eventType');
}

const noRateWarning =
  'There is no exchange rate for this currency and date: the amount is kept, and is in no sum';

async function getMetrics(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const filter = parseMetricsQuery(request.query as MetricsQuery);
  const found = await findEventOf(services, access.workspace, 'webmarketer', eventIdOf(request));
  const [computed] = found ? await computeEvents(services, access.workspace, [found]) : [];
  if (!computed) throw eventNotFound();
  return presentEventMetrics(presentEvent(projectId, computed), filter);
}

function eventIdOf(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  if (!isUuid(id)) throw eventNotFound();
  return id.toLowerCase();
}

function eventNotFound(): RequestError {
  return new RequestError('not-found', 'Event not found');
}
