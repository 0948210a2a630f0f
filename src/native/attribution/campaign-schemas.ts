import Type from 'typebox';
import { ruleModels } from '../../core/attribution/models.ts';
import { queryObject } from '../../http/validation.ts';
import { DialectSchema, Id, nullable, oneOf, Time, WorkspaceParameters } from '../schemas/common.ts';
import {
  asked,
  credited,
  dates,
  figures,
  group,
  groupBy,
  known,
  Money,
  parameters,
  span,
  spanParameters,
} from './schemas.ts';

const ruleModel = Type.Unsafe<(typeof ruleModels)[number]>({
  ...oneOf(ruleModels),
  default: 'linear',
  description: 'How the credit of a conversion is shared.',
});

const CampaignKey = Type.String({
  minLength: 1,
  maxLength: 140,
  description: 'As reports by campaign call it.',
});

export const CampaignSchema = Type.Object({
  key: CampaignKey,
  dialect: DialectSchema,
  label: nullable(
    Type.String({ description: 'As reports show it: the slug, or the name of an ad campaign or ad.' }),
  ),
  name: nullable(Type.String()),
  owner: nullable(
    Type.Object(
      { id: Type.String(), name: nullable(Type.String()) },
      { description: 'The integration or ad account that it is run in.' },
    ),
  ),
  status: nullable(Type.String({ description: 'In the vendor’s words.' })),
  createdAt: nullable(Time),
});

export const CampaignsQuery = queryObject(
  {
    search: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'A part of the label or the name, whatever the case.',
      }),
    ),
    next: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Of the page before.' })),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  },
  known,
);

export const CampaignsReply = Type.Object({
  campaigns: Type.Array(CampaignSchema, { description: 'API by API, and within it by key.' }),
  next: nullable(Type.String()),
});

export const CampaignParameters = Type.Object({
  ...WorkspaceParameters.properties,
  campaignKey: CampaignKey,
});

export const CampaignTouchpointsQuery = queryObject({
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
});

export const CampaignDaysQuery = queryObject(
  {
    ...asked,
    model: ruleModel,
    ...span,
    dateOf: Type.Unsafe<(typeof dates)[number]>({ ...oneOf(dates), default: 'conversion' }),
  },
  known,
);

export const CampaignDaysReply = Type.Object({
  parameters: Type.Object({
    ...parameters,
    model: oneOf(ruleModels),
    since: spanParameters.since,
    until: spanParameters.until,
    dateOf: oneOf(dates),
  }),
  campaign: CampaignSchema,
  days: Type.Array(
    Type.Object({
      day: Type.String({ examples: ['2026-03-01'] }),
      touchpoints: Type.Integer({ description: 'All that the campaign had, whatever they led to.' }),
      ...figures,
    }),
    { description: 'Oldest first; days of which nothing is known are left out.' },
  ),
  total: Type.Object({
    touchpoints: Type.Integer(),
    touches: Type.Integer(),
    ...credited,
    spend: nullable(Money),
  }),
});

export const ConvertedQuery = queryObject(
  {
    ...asked,
    model: ruleModel,
    ...span,
    groupBy: groupBy('campaign'),
    group: Type.Optional(
      Type.String({
        maxLength: 300,
        description:
          'The key of a row of a report: conversions of which its touches have credit alone. Empty: the row of none.',
      }),
    ),
    unattributed: Type.Optional(
      Type.Boolean({ description: 'True: those alone before which no touch counts.' }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
    next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
  },
  known,
);

export const ConvertedReply = Type.Object({
  parameters: Type.Object({ ...parameters, model: oneOf(ruleModels), ...spanParameters }),
  events: Type.Array(
    Type.Object({
      id: Id,
      profileId: Id,
      personId: Id,
      convertedAt: Time,
      value: credited.value,
      path: Type.Array(Type.Object(group), {
        description: 'The groups of the touches that count, oldest first.',
      }),
      credit: Type.Object(credited, {
        description: 'Of the group that is asked for; without one of the whole conversion, which is 1.',
      }),
    }),
    { description: 'Those first that converted last.' },
  ),
  next: nullable(
    Type.String({
      description: 'Null: there are no more. A page may have fewer than asked for before that.',
    }),
  ),
});
