import Type from 'typebox';
import { operation } from '../../http/operation.ts';
import { readTypeMetrics } from '../../query/events/read-type-metrics.ts';
import { inWorkspace } from '../guards.ts';
import { errors, oneOf } from '../schemas/common.ts';
import { noSuchType } from './operations.ts';
import { EventTypeParameters } from './schemas.ts';

const TypeMetricsReply = Type.Object({
  metrics: Type.Array(
    Type.Object({
      key: Type.String({ examples: ['turnover'] }),
      kind: oneOf(['state', 'statistic'] as const),
      isMoney: Type.Boolean({ description: 'It is an amount of some currency, and not a number.' }),
    }),
  ),
});

/** What a conversion of the type could go by. */
export const typeMetrics = operation({
  method: 'GET',
  path: '/workspaces/:workspace/event-types/:eventTypeId/metrics',
  summary: 'The states and statistics that the newest events of a type have',
  guard: inWorkspace,
  checks: { path: EventTypeParameters },
  replies: { 200: TypeMetricsReply, ...errors(404) },
  handle: async ({ services, access, path: { eventTypeId } }) => {
    const { id, eventTypes } = await services.workspaces.reload(access.workspace.id);
    const type = eventTypes.all().find(({ publicId }) => publicId === eventTypeId);
    if (!type) throw noSuchType();
    const metrics = await readTypeMetrics(services.database, id, type.id);
    return { metrics: metrics.map(({ key, kind, isMoney }) => ({ key, kind, isMoney })) };
  },
});
