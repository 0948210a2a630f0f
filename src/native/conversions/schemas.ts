import Type from 'typebox';
import {
  defaultRules,
  halfLifeBounds,
  longestLookbackDays,
  longestSameCampaignMinutes,
  maximumExcludedReferrers,
} from '../../core/attribution/conversion.ts';
import { Id, nullable, oneOf, resourceParameters, Time } from '../schemas/common.ts';

/** A name is none of an event type in a question, which has a colon, nor an id. */
export const conversionNamePattern =
  '^[^:\\s\\u0000-\\u001f\\u007f](?:[^:\\u0000-\\u001f\\u007f]{0,98}[^:\\s\\u0000-\\u001f\\u007f])?$';

export const ConversionName = Type.String({
  pattern: conversionNamePattern,
  description: '1 to 100 characters, neither colons nor control characters; unique in the workspace.',
  examples: ['Orders'],
});

/** `dialect:type`, as the dialect is before the first colon. */
export const EventName = Type.String({
  pattern: '^[a-z]+:',
  maxLength: 300,
  description:
    'The event type that converts: its API, a colon and its name, such as webmarketer:order. GET …/event-types lists those there are.',
  examples: ['webmarketer:order'],
});

const MetricKey = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 80, description, examples: [example] });

export const stateMeaning =
  'An event counts while this state of it is 1, at the date of the state; without one each event does, when it happened.';

const StateKey = MetricKey(stateMeaning, 'converted');

export const valueMeaning =
  'The statistic that is the value of a conversion, an amount or a number; without one conversions are counted alone.';

const ValueKey = MetricKey(valueMeaning, 'turnover');

/** A host as a referrer names it; others than ASCII in their form `xn--`. */
export const hostPattern =
  '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*';

const percent = { minimum: 0, maximum: 100 };

/** The rules by which touches get credit, with what holds where one is left out. */
export const ruleForms = {
  lookbackDays: Type.Integer({
    minimum: 1,
    maximum: longestLookbackDays,
    description: `Touches count for so many days of 24 hours; ${defaultRules.lookbackDays} if left out.`,
  }),
  excludeOwnSite: Type.Boolean({
    description: `Whether visits from another host of the page’s own site count for nothing; ${defaultRules.excludeOwnSite} if left out.`,
  }),
  sameCampaignMinutes: Type.Integer({
    minimum: 0,
    maximum: longestSameCampaignMinutes,
    description: `Touches of one campaign within so many minutes are one, 0: each counts; ${defaultRules.sameCampaignMinutes} if left out.`,
  }),
  directOnlyAlone: Type.Boolean({
    description: `Whether direct visits count only where there is nothing else; ${defaultRules.directOnlyAlone} if left out.`,
  }),
  halfLifeDays: Type.Number({
    minimum: halfLifeBounds.least,
    maximum: halfLifeBounds.most,
    description: `Of the model time-decay: a touch so many days older has half the credit; ${defaultRules.halfLifeDays} if left out.`,
  }),
} as const;

export const ExcludedReferrers = Type.Array(Type.String({ pattern: `^${hostPattern}$`, maxLength: 253 }), {
  maxItems: maximumExcludedReferrers,
  uniqueItems: true,
  description:
    'Hosts, each with its subdomains, from which visits count for nothing unless they name a campaign; payment and sign-in providers if left out.',
  examples: [['paypal.com', 'accounts.google.com']],
});

export const Position = Type.Object(
  { first: Type.Number(percent), last: Type.Number(percent) },
  {
    additionalProperties: false,
    description: `Of the model position: percent of the first and of the last touch, those between share the rest; ${defaultRules.position.first} and ${defaultRules.position.last} if left out.`,
  },
);

export const ConversionBody = Type.Object(
  {
    name: ConversionName,
    event: EventName,
    state: Type.Optional(nullable(StateKey)),
    metric: Type.Optional(nullable(ValueKey)),
    lookbackDays: Type.Optional(ruleForms.lookbackDays),
    excludedReferrers: Type.Optional(ExcludedReferrers),
    excludeOwnSite: Type.Optional(ruleForms.excludeOwnSite),
    sameCampaignMinutes: Type.Optional(ruleForms.sameCampaignMinutes),
    directOnlyAlone: Type.Optional(ruleForms.directOnlyAlone),
    position: Type.Optional(Position),
    halfLifeDays: Type.Optional(ruleForms.halfLifeDays),
  },
  {
    additionalProperties: false,
    examples: [{ name: 'Orders', event: 'webmarketer:order', metric: 'turnover', lookbackDays: 30 }],
  },
);

/** As answers show the rules by which a conversion is credited. */
const shownRules = {
  lookbackDays: Type.Integer(),
  excludedReferrers: Type.Array(Type.String()),
  excludeOwnSite: Type.Boolean(),
  sameCampaignMinutes: Type.Integer(),
  directOnlyAlone: Type.Boolean(),
  position: Type.Object({ first: Type.Number(), last: Type.Number() }),
  halfLifeDays: Type.Number(),
} as const;

/** As answers show what a conversion counts, and by which rules. */
export const shownSettings = {
  event: Type.String({ description: 'The API, a colon and the name of the event type.' }),
  state: nullable(Type.String()),
  metric: nullable(Type.String()),
  ...shownRules,
} as const;

export const ConversionReply = Type.Object({
  id: Id,
  name: Type.String(),
  ...shownSettings,
  status: Type.Unsafe<'counting' | 'kept'>({
    ...oneOf(['counting', 'kept']),
    description:
      'kept: its sums answer questions at once. counting: they are being made, and questions are counted from the rows.',
  }),
  createdAt: Time,
  updatedAt: Time,
});

export const ConversionsReply = Type.Object({
  conversions: Type.Array(ConversionReply),
  defaults: Type.Object(shownRules, { description: 'The rules that hold where nothing else is said.' }),
});

export const ConversionParameters = resourceParameters('conversionId', "The conversion's id.");
