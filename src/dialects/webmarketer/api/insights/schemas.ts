import Type from 'typebox';
import { intervals } from '../../../../query/insights/interval.ts';

export const InsightsBody = Type.Object({
  since: Type.String({ description: 'RFC 3339, inclusive' }),
  until: Type.String({ description: 'RFC 3339, inclusive' }),
  metrics: Type.Array(Type.String(), {
    description:
      'Keys of states and statistics, event-count, state-delay-…, custom columns; an unknown one counts 0',
  }),
  groupBy: Type.String({ description: 'project or event-type' }),
  interval: Type.String({ description: intervals.join(', ') }),
  filter: Type.Optional(
    Type.Unknown({ description: 'For event-type: a list of references, or null for all' }),
  ),
});

export const InsightsReply = Type.Array(
  Type.Object({
    identifier: Type.String({ description: 'The project’s id, or the event type’s reference' }),
    interval: Type.String(),
    values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]), {
      description: 'Null: a custom column that has no value, as by a division by zero',
    }),
  }),
);
