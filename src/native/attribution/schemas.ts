import Type from 'typebox';
import { groupings } from '../../core/attribution/grouping.ts';
import { ruleModels } from '../../core/attribution/models.ts';
import { leftOutRules } from '../../core/attribution/touch.ts';
import { models, wholeGroupings, wholeModels } from '../../core/attribution/whole-model.ts';
import { channels } from '../../core/campaign/channel.ts';
import { queryObject } from '../../http/validation.ts';
import { attributionIntervals } from '../../query/attribution/local-interval.ts';
import { hostPattern, ruleForms, shownSettings, stateMeaning, valueMeaning } from '../conversions/schemas.ts';
import { JobReply } from '../jobs/schemas.ts';
import { DialectSchema, Id, nullable, oneOf, resourceParameters, Seq, Time } from '../schemas/common.ts';

function described<Form extends object>(form: Form, description: string): Form {
  return { ...form, description };
}

export const Day = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description, examples: ['2026-03-01'] });

const emptyForNone = 'Empty: none.';

const conversionDescription =
  'A kept conversion by its name or id, or an event type as its API, a colon and its name. What else is said takes the place of what the conversion has, or of the defaults.';

/** What is asked about, and by which rules: a kept conversion's, or those that are said. */
export const asked = {
  conversion: Type.String({
    minLength: 1,
    maxLength: 300,
    description: conversionDescription,
    examples: ['webmarketer:order'],
  }),
  metric: Type.Optional(Type.String({ maxLength: 80, description: `${valueMeaning} ${emptyForNone}` })),
  state: Type.Optional(Type.String({ maxLength: 80, description: `${stateMeaning} ${emptyForNone}` })),
  lookbackDays: Type.Optional(ruleForms.lookbackDays),
  excludedReferrers: Type.Optional(
    Type.String({
      maxLength: 8000,
      pattern: `^(?:${hostPattern}(?:,${hostPattern})*)?$`,
      description: `Hosts, with commas between them, from which visits count for nothing unless they name a campaign. ${emptyForNone}`,
      examples: ['paypal.com,accounts.google.com'],
    }),
  ),
  excludeOwnSite: Type.Optional(ruleForms.excludeOwnSite),
  sameCampaignMinutes: Type.Optional(ruleForms.sameCampaignMinutes),
  directOnlyAlone: Type.Optional(ruleForms.directOnlyAlone),
  position: Type.Optional(
    Type.String({
      pattern: '^\\d{1,3}(?:\\.\\d{1,6})?,\\d{1,3}(?:\\.\\d{1,6})?$',
      description:
        'Of the model position: percent of the first and of the last touch, those between share the rest.',
      examples: ['40,40'],
    }),
  ),
  halfLifeDays: Type.Optional(ruleForms.halfLifeDays),
} as const;

export const span = {
  since: Type.Optional(Day("A day of the workspace's time zone; 30 days before until if left out.")),
  until: Type.Optional(Day('The day behind the last; tomorrow, so that today counts, if left out.')),
} as const;

export const groupBy = (byDefault: (typeof groupings)[number]) =>
  Type.Unsafe<(typeof groupings)[number]>({
    ...oneOf(groupings),
    default: byDefault,
    description:
      'campaign: of an integration, or of an advertising platform. integration: the source that events or clicks come in by. source, medium: of utm parameters.',
  });

export const dates = ['conversion', 'touch'] as const;
export const known = { additionalProperties: false } as const;

export const ReportQuery = queryObject(
  {
    ...asked,
    model: Type.Unsafe<(typeof models)[number]>({
      ...oneOf(models),
      default: 'linear',
      description: 'How the credit of a conversion is shared.',
    }),
    ...span,
    groupBy: groupBy('campaign'),
    interval: Type.Optional(oneOf(attributionIntervals)),
    dateOf: Type.Unsafe<(typeof dates)[number]>({
      ...oneOf(dates),
      default: 'conversion',
      description: 'Whether credit is dated by the conversion, or by the touch that it goes to.',
    }),
    asOf: Type.Optional(
      described(Seq, 'Answers what was answered when this was the last seq; of kept conversions alone.'),
    ),
  },
  known,
);

export const ModelBody = Type.Object(
  {
    ...asked,
    model: oneOf(wholeModels),
    ...span,
    groupBy: groupBy('campaign'),
  },
  {
    ...known,
    required: ['conversion', 'model'],
    examples: [{ model: 'markov', conversion: 'webmarketer:order', metric: 'turnover', groupBy: 'channel' }],
  },
);

export const ModelsQuery = queryObject({
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  next: Type.Optional(Type.String({ maxLength: 100, description: 'The `next` of the page before.' })),
});

export const ModelsReply = Type.Object({
  models: Type.Array(
    Type.Object({
      jobId: Id,
      state: JobReply.properties.state,
      parameters: Type.Object(
        {
          model: oneOf(wholeModels),
          groupBy: oneOf(wholeGroupings),
          since: Type.String(),
          until: Type.String(),
          timezone: Type.String(),
          currency: Type.String(),
          ...shownSettings,
        },
        { description: 'All that the result depends on, beside what is stored.' },
      ),
      progress: JobReply.properties.progress,
      error: JobReply.properties.error,
      asOf: nullable(
        Type.Integer({ description: 'The seq as of which the result is; null: there is none yet.' }),
      ),
      requestedBy: Type.String(),
      requestedAt: Time,
      finishedAt: nullable(Time),
    }),
  ),
  next: nullable(Type.String()),
});

export const PathsQuery = queryObject(
  {
    ...asked,
    ...span,
    groupBy: groupBy('channel'),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 20 }),
  },
  known,
);

export const CreditsQuery = queryObject(
  {
    ...asked,
    conversion: Type.Optional(
      described(
        asked.conversion,
        "A kept conversion by its name or id, or the event's type; if left out, the kept one that counts events of its type, or the defaults where none does.",
      ),
    ),
    model: Type.Unsafe<(typeof ruleModels)[number]>({
      ...oneOf(ruleModels),
      default: 'linear',
      description: 'How the credit of the conversion is shared.',
    }),
  },
  known,
);

export const CreditsParameters = resourceParameters('eventId', 'The event that converted.');

export const Money = Type.Object(
  {
    amount: Type.Number(),
    currency: nullable(
      Type.String({ description: "The workspace's; null: the metric is a number and no amount." }),
    ),
  },
  { examples: [{ amount: 2000, currency: 'EUR' }] },
);

const Value = nullable(described(Money, 'Null without a metric.'));

export const credited = {
  conversions: Type.Number({ description: 'Credit, in billionths at the finest.', examples: [0.5] }),
  value: Value,
} as const;

export const parameters = {
  conversion: nullable(
    Type.Object({ id: Id, name: Type.String() }, { description: 'The kept one that was named.' }),
  ),
  ...shownSettings,
  timezone: Type.String({ description: 'Days are days in it.', examples: ['Europe/Paris'] }),
  currency: Type.String({ examples: ['EUR'] }),
} as const;

export const spanParameters = {
  since: Type.String(),
  until: Type.String({ description: 'Exclusive.' }),
  groupBy: oneOf(groupings),
} as const;

const label = nullable(
  Type.String({
    description: 'The slug of a campaign, the name of an integration or ad campaign, or the key itself.',
  }),
);

export const group = {
  key: nullable(
    Type.String({
      description:
        'The id of the campaign (that of an advertising platform by its own id, an ad of no known campaign behind ad:), the channel, the id of the source, the utm parameter or the API; null: of none.',
    }),
  ),
  label,
} as const;

/** What a group has brought, and what it cost. */
export const figures = {
  touches: Type.Integer({ description: 'On the paths of conversions, whatever the model gives them.' }),
  people: Type.Integer({ description: 'Whose touches they are, each once.' }),
  ...credited,
  spend: nullable(described(Money, 'What is known to have been spent in the days; null: nothing is known.')),
  spendUnconverted: Type.Array(Money, {
    description:
      'Spent in currencies of which no rate is known for the day: it is in no sum, and cpa and roas are null.',
  }),
  cpa: nullable(Type.Number({ description: 'Spent for a conversion.' })),
  roas: nullable(Type.Number({ description: 'Value for a unit that was spent.' })),
} as const;

const Row = Type.Object({
  interval: nullable(
    Type.String({ description: 'Where one is asked for: 2026-03-01, 2026-W09 or 2026-03.' }),
  ),
  ...group,
  ...figures,
});

const sums = {
  unattributed: Type.Object(credited, { description: 'Conversions before which no touch counts.' }),
  total: Type.Object(
    { ...credited, spend: nullable(Money) },
    { description: 'Of all rows and unattributed.' },
  ),
} as const;

const sources = ['sums', 'rows', 'model'] as const;

export const ReportReply = Type.Object({
  parameters: Type.Object(
    {
      ...parameters,
      model: oneOf(models),
      ...spanParameters,
      interval: nullable(oneOf(attributionIntervals)),
      dateOf: oneOf(dates),
      asOf: nullable(
        described(
          Seq,
          'Asked for again with this, the answer is the same for ever; null: counted from the rows.',
        ),
      ),
      countedFrom: Type.Unsafe<(typeof sources)[number]>({
        ...oneOf(sources),
        description:
          'sums: of a kept conversion of the same settings. rows: the conversions and touches themselves. model: the kept result of a data-driven model.',
      }),
    },
    { description: 'All that the answer was made by.' },
  ),
  rows: Type.Array(Row),
  ...sums,
  intervals: Type.Array(Type.Object({ interval: Type.String(), ...sums }), {
    description: 'Empty unless interval is given.',
  }),
});

export const CreditsReply = Type.Object({
  parameters: Type.Object({ ...parameters, model: oneOf(ruleModels) }),
  event: Type.Object({ id: Id, profileId: Id, personId: Id, convertedAt: Time, value: Value }),
  touches: Type.Array(
    Type.Object({
      id: Id,
      at: Time,
      profileId: Id,
      dialect: DialectSchema,
      channel: oneOf(channels),
      integration: nullable(Type.String({ description: 'As its dialect calls it, such as a wmktId.' })),
      campaign: nullable(
        Type.Object({ key: Type.String(), label }, { description: 'As reports by campaign call it.' }),
      ),
      adId: nullable(Type.String()),
      source: nullable(Type.String({ description: 'utm_source' })),
      medium: nullable(Type.String({ description: 'utm_medium' })),
      referrerHost: nullable(Type.String()),
      credit: Type.Number({ description: 'Of the conversion, which is 1.' }),
      value: Value,
      leftOut: nullable(
        Type.Unsafe<(typeof leftOutRules)[number]>({
          ...oneOf(leftOutRules),
          description:
            'The first rule by which it does not count: it came after the conversion; before the lookback; from a host that is excluded; within minutes of another of its campaign; it is direct, and others count. Null: it counts.',
        }),
      ),
    }),
    { description: 'Every touch of the person, oldest first; of very many the newest 2,000.' },
  ),
  unattributed: Type.Object(credited, { description: 'All of the conversion where no touch counts.' }),
  total: Type.Object(credited),
});

export const PathsReply = Type.Object({
  parameters: Type.Object({ ...parameters, ...spanParameters }),
  paths: Type.Array(
    Type.Object({
      path: Type.Array(Type.Object(group), { description: 'The groups of the touches, oldest first.' }),
      ...credited,
      medianSeconds: nullable(Type.Number({ description: 'From the first touch to the conversion.' })),
      meanSeconds: nullable(Type.Number()),
    }),
    { description: 'The most frequent first; an empty one is of conversions before which no touch counts.' },
  ),
  pathCount: Type.Integer({ description: 'How many different paths there are.' }),
  total: Type.Object(credited),
});
