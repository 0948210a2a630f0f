import Type, { type TSchema } from 'typebox';
import { CampaignReply, insightReply, SaleInsightReply } from '../campaigns/schemas.ts';
import { AppParameters, NullableText, nullable } from '../schemas.ts';
import { adLevels } from './parse.ts';

export const LegacyAdAccountParameters = Type.Object({
  ...AppParameters.properties,
  adAccountId: Type.String({ description: 'Digits, without act_.' }),
});

export const LegacyAdParameters = Type.Object({ ...AppParameters.properties, adId: Type.String() });

const page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
};

export const PageQuery = Type.Object(page);

export const AdsQuery = Type.Object({ campaign_id: Type.Optional(Type.String()), ...page });

const days = {
  date_from: Type.Optional(
    Type.String({ description: 'YYYY-MM-DD or an ISO date and time, whose whole day is meant; inclusive.' }),
  ),
  date_to: Type.Optional(Type.String({ description: 'Likewise, inclusive.' })),
};

export const AdInsightsQuery = Type.Object({
  ...days,
  level: Type.Optional(Type.Union(adLevels.map((level) => Type.Literal(level)))),
});

export const AdReply = Type.Object({
  id: Type.String(),
  ad_account_id: NullableText,
  ad_account: Type.Object({ name: NullableText, currency: NullableText }),
  ad_set: Type.Object({ name: NullableText, status: NullableText }),
  name: NullableText,
  status: Type.String({ description: 'Meta’s; UNKNOWN for an ad that only messages have told of.' }),
  created_time: NullableText,
  updated_time: NullableText,
  campaign: nullable(CampaignReply),
  page: Type.Object({ id: NullableText }),
  insight: insightReply('ad_id'),
  sale_insight: nullable(SaleInsightReply),
  active_event_groups_count: Type.Integer(),
});

export const AdsReply = pageReply(AdReply);

export const AdInsightsReply = Type.Array(Type.Object({}, { additionalProperties: true }), {
  description:
    'Insights by day, oldest first. With `level=keyword` `{keyword, events, cvr, cost_per_event}` of each text that was met in the span; with `level=conversion` likewise with `type`, `type_id` and `type_value` of each event.',
});

export const LegacyAdReply = Type.Object({
  id: Type.String(),
  app_id: Type.String(),
  name: NullableText,
  status: Type.String(),
  created_time: NullableText,
  updated_time: NullableText,
  ad_account: Type.Object({ id: NullableText, name: NullableText, currency: NullableText }),
  campaign: Type.Object({ name: NullableText, start_time: NullableText }),
  page: Type.Object({ id: NullableText, name: NullableText }),
  insight: Type.Object({
    ad_id: Type.String(),
    date: Type.String(),
    clicks: Type.Integer(),
    cpc: Type.Number(),
    cpm: Type.Number(),
    ctr: Type.Number(),
    impressions: Type.Integer(),
    spend: Type.Number(),
    sessions: Type.Integer(),
    unique_users: Type.Integer(),
    keywords_count: Type.Integer({ description: 'How many different texts were met.' }),
  }),
});

export const LegacyAdsReply = pageReply(LegacyAdReply);

export function pageReply<Schema extends TSchema>(item: Schema) {
  return Type.Object({
    data: Type.Array(item),
    total_count: Type.Integer(),
    offset: Type.Integer(),
    limit: Type.Integer(),
  });
}
