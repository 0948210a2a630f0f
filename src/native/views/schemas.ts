import Type from 'typebox';
import { chartIntervals } from '../../query/insights/chart-slots.ts';
import { Day } from '../attribution/schemas.ts';
import { maximumMetrics, metricForm } from '../insights/metric.ts';
import { Grouping } from '../insights/schemas.ts';
import { Id, nullable, oneOf, resourceParameters, Time } from '../schemas/common.ts';

const known = { additionalProperties: false } as const;

export const viewShapes = ['line', 'bar', 'table'] as const;

const Span = Type.Union(
  [
    Type.Object(
      {
        days: Type.Integer({
          minimum: 1,
          maximum: 3660,
          description: 'So many up to today, which is the last.',
        }),
      },
      known,
    ),
    Type.Object({ since: Day('The first day.'), until: Day('The day behind the last.') }, known),
  ],
  { description: 'Days that move on with the calendar, or that stay.' },
);

const question = {
  metrics: Type.Array(Type.String({ minLength: 1, maxLength: 1200, description: `Each is ${metricForm}` }), {
    minItems: 1,
    maxItems: maximumMetrics,
    uniqueItems: true,
    examples: [['count:webengage']],
  }),
  span: Span,
  interval: oneOf(chartIntervals),
  groupBy: nullable(Grouping),
  compare: Type.Boolean(),
  shape: Type.Unsafe<(typeof viewShapes)[number]>({ ...oneOf(viewShapes), description: 'How it is drawn.' }),
} as const;

export const ViewName = Type.String({
  pattern: '^[^\\s\\u0000-\\u001f\\u007f](?:[^\\u0000-\\u001f\\u007f]{0,98}[^\\s\\u0000-\\u001f\\u007f])?$',
  description: '1 to 100 characters, no control characters, no space at its ends; unique in the workspace.',
  examples: ['Orders by integration'],
});

export const ViewBody = Type.Object(
  { name: ViewName, question: Type.Object(question, known) },
  {
    ...known,
    examples: [
      {
        name: 'Orders',
        question: {
          metrics: ['count:webengage', 'sum:turnover:webmarketer:order'],
          span: { days: 30 },
          interval: 'day',
          groupBy: null,
          compare: true,
          shape: 'line',
        },
      },
    ],
  },
);

export const ViewReply = Type.Object({
  id: Id,
  name: Type.String(),
  question: Type.Object(question),
  createdAt: Time,
  updatedAt: Time,
});

export const ViewsReply = Type.Object({
  views: Type.Array(ViewReply, { description: 'In the order of their names.' }),
});

export const ViewParameters = resourceParameters('viewId', "The view's id.");
