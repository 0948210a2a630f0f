import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { chartGroupings } from '../../query/insights/chart-grouping.ts';
import { chartIntervals } from '../../query/insights/chart-slots.ts';
import { Day } from '../attribution/schemas.ts';
import { EventSchema } from '../events/schemas.ts';
import { DialectSchema, nullable, oneOf, Time } from '../schemas/common.ts';
import { ofNone, ofOthers } from './group.ts';
import { maximumMetrics, metricForm } from './metric.ts';

const longestMetric = 1200;
const known = { additionalProperties: false } as const;

const span = {
  since: Type.Optional(Day("A day of the workspace's time zone; 30 days before until if left out.")),
  until: Type.Optional(Day('The day behind the last; tomorrow, so that today counts, if left out.')),
  interval: Type.Unsafe<(typeof chartIntervals)[number]>({
    ...oneOf(chartIntervals),
    default: 'day',
    description: "In the workspace's time zone; weeks are those of ISO 8601.",
  }),
} as const;

export const Grouping = Type.Unsafe<(typeof chartGroupings)[number]>({
  ...oneOf(chartGroupings),
  description:
    'type: the event type. source: what the event came in by, such as a list or an integration. campaign: of the visit or click that the event itself tells of; which campaign brought a person is asked of attribution. context: where it happened, as Contacthub has it.',
});

const limitDescription = 'Groups with most, which are shown by themselves; all others are one series.';

export const InsightsQuery = queryObject(
  {
    metrics: Type.String({
      minLength: 1,
      maxLength: maximumMetrics * longestMetric,
      description: `1 to ${maximumMetrics}, with commas between them. Each is ${metricForm}`,
      examples: ['count:webengage,sum:turnover:webmarketer:order'],
      default: 'count',
    }),
    ...span,
    groupBy: Type.Optional(Grouping),
    limit: Type.Integer({ minimum: 1, maximum: 20, default: 8, description: limitDescription }),
    compare: Type.Boolean({
      default: false,
      description:
        'With the days before: as many, or as many months before whole months that are asked for by month.',
    }),
  },
  known,
);

export const ExplainQuery = queryObject(
  {
    metric: Type.String({
      minLength: 1,
      maxLength: longestMetric,
      description: 'One metric, as a chart’s question writes it.',
      examples: ['count:webengage'],
      default: 'count',
    }),
    ...span,
    at: Type.Optional(
      Type.String({
        maxLength: 20,
        description: 'The label of an interval of the chart, such as 2026-03-01; all of them if left out.',
        examples: ['2026-03-01'],
      }),
    ),
    groupBy: Type.Optional(Grouping),
    group: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 600,
        description: `Of a grouped chart: the key of a series, ${ofNone} for what is of no group, or ${ofOthers}; everything if left out.`,
      }),
    ),
    except: Type.Optional(
      Type.String({
        maxLength: 12_000,
        description: `With the group ${ofOthers}: the keys of the groups that are shown by themselves, with commas between them; a comma in one is written %2C, % is %25.`,
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
    next: Type.Optional(Type.String({ maxLength: 200, description: '`next` of the page before.' })),
  },
  known,
);

const Bound = (description: string) => Type.String({ description, examples: ['2026-03-29T00:00:00+01:00'] });

const bounds = {
  since: Bound("With the zone's offset at that time."),
  until: Bound('Exclusive.'),
} as const;

const Metric = Type.Object({
  metric: Type.String({ description: 'As it was asked for.', examples: ['count:webengage'] }),
  measure: oneOf(['count', 'sum']),
  key: nullable(Type.String({ description: 'The metric whose values are summed, each at its own time.' })),
  dialect: nullable(DialectSchema),
  type: nullable(Type.String({ description: 'The name of the event type.' })),
  currency: nullable(
    Type.String({
      description: "The workspace's, where the values are amounts of money.",
      examples: ['EUR'],
    }),
  ),
});

const Days = Type.Object({
  since: Type.String({ examples: ['2026-03-01'] }),
  until: Type.String({ description: 'Exclusive.', examples: ['2026-04-01'] }),
  bounds: Type.Object(bounds, { description: 'The instants at which the days begin and end.' }),
});

const Intervals = Type.Array(
  Type.Object({
    label: Type.String({ description: '2026-03-29T14, 2026-03-29, 2026-W13 or 2026-03.' }),
    ...bounds,
  }),
  { description: 'Each interval of the days in which there is any instant, in order.' },
);

const Values = Type.Array(Type.Number(), { description: 'One for each interval.' });

const seriesKinds = ['all', 'group', 'none', 'other'] as const;

const Series = Type.Object({
  kind: oneOf(seriesKinds),
  key: nullable(
    Type.String({
      description:
        'Of a group: the id of the event type or source, the name of the API or context, the id of a campaign (ad: leads that of an ad, name: a name that the event says).',
    }),
  ),
  label: Type.String({ description: 'What the group is called.' }),
  total: Type.Number(),
  values: Values,
  before: nullable(
    Type.Object(
      { total: Type.Number(), values: Values },
      { description: 'The same of the days before; null unless compared.' },
    ),
  ),
});

export const InsightsReply = Type.Object({
  parameters: Type.Object(
    {
      timezone: Type.String({ description: 'Days and hours are of it.', examples: ['Europe/Paris'] }),
      currency: Type.String({ examples: ['EUR'] }),
      ...Days.properties,
      interval: oneOf(chartIntervals),
      groupBy: nullable(Grouping),
      limit: Type.Integer({ description: limitDescription }),
      before: nullable(Days),
    },
    { description: 'All that the answer was made by.' },
  ),
  intervals: Intervals,
  intervalsBefore: nullable(Intervals),
  metrics: Type.Array(
    Type.Object({
      ...Metric.properties,
      total: Type.Number({ description: 'Of all series.' }),
      totalBefore: nullable(Type.Number()),
      groupCount: Type.Integer({ description: 'How many groups there are, those in other too.' }),
      series: Type.Array(Series, {
        description:
          'The group that has most first; behind the groups none, which is of no group, and other, which is of all that are not shown by themselves. Without groupBy one: all.',
      }),
    }),
  ),
});

export const ExplainReply = Type.Object({
  parameters: Type.Object(
    {
      timezone: Type.String({ examples: ['Europe/Paris'] }),
      metric: Metric,
      since: Type.String(),
      until: Type.String(),
      interval: oneOf(chartIntervals),
      at: nullable(Type.String()),
      groupBy: nullable(Grouping),
      group: nullable(Type.Object({ key: Type.String(), label: Type.String() })),
      except: Type.Array(Type.String()),
      spans: Type.Array(Type.Object(bounds), {
        description: 'When the rows happened: one span, unless clocks came back over its bounds.',
      }),
      words: Type.String({ description: 'The same in words.' }),
    },
    { description: 'All that the rows were found by.' },
  ),
  value: Type.Number({
    description: 'What the chart shows there: the number of the rows, or the sum of their values.',
  }),
  count: Type.Integer({ description: 'How many rows there are in all.' }),
  rows: Type.Array(
    Type.Object({
      event: EventSchema,
      at: Type.Unsafe<string>({
        ...Time,
        description: 'When it is counted: a metric has a time of its own.',
      }),
      value: nullable(
        Type.String({
          description: 'What of the metric is summed, with all its digits; null: the event is counted.',
        }),
      ),
      currency: nullable(
        Type.String({ description: 'In which an amount came in; its value is in the workspace’s.' }),
      ),
    }),
    { description: 'The last first; at most `limit`, and 4 MB.' },
  ),
  next: nullable(Type.String()),
});

export const MetricsReply = Type.Object({
  metrics: Type.Array(
    Type.Object({
      key: Type.String(),
      kind: oneOf(['state', 'statistic']),
      isAmount: Type.Boolean({ description: 'Whether its newest values are amounts of money.' }),
    }),
    { description: 'In the order of their keys; at most 1,000.' },
  ),
});
