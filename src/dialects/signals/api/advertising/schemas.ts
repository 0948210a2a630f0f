import Type, { type TSchema } from 'typebox';
import { AppParameters, NullableText, nullable } from '../schemas.ts';
import { adLevels, campaignLevels } from './parse.ts';

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

export const CampaignInsightsQuery = Type.Object({
  ...days,
  level: Type.Optional(Type.Union(campaignLevels.map((level) => Type.Literal(level)))),
  format: Type.Optional(Type.Literal('daily')),
  ...page,
});

const figures = {
  date: Type.String({ description: 'Of a day its beginning; of a sum the time that it is told at. UTC.' }),
  clicks: Type.Integer(),
  cpc: Type.Number({
    description: 'Costs and rates have two decimals; rates (`ctr`, `cvr…`) are percentages.',
  }),
  cpm: Type.Number(),
  ctr: Type.Number(),
  impressions: Type.Integer(),
  spend: Type.Number(),
  currency: Type.String(),
  sessions: Type.Integer(),
  cost_per_session: Type.Number(),
  cvr_clicks_to_sessions: Type.Number(),
  unique_users: Type.Integer(),
  cost_per_unique_user: Type.Number(),
  cvr_clicks_to_unique_users: Type.Number(),
  engaged: Type.Integer(),
  cost_per_engagement: Type.Number(),
  cvr_unique_users_to_engaged: Type.Number(),
  converted: Type.Integer(),
  cost_per_conversions: Type.Number(),
  cvr_unique_users_to_converted: Type.Number(),
  events: Type.Object({ conversation: Type.Integer(), keyword: Type.Integer() }),
  keywords: Type.Array(Type.Object({ keyword: Type.String(), events: Type.Integer(), cvr: Type.Number() })),
};

/** The vendor names the id after the level: `ad_id`, `campaign_id`. */
function insightReply<Key extends string>(key: Key) {
  return Type.Object({ [key]: Type.String(), ...figures });
}

const SaleInsightReply = Type.Object({
  ad_id: Type.String(),
  date: Type.String(),
  revenue: Type.Number({ description: 'In the ad account’s currency, other currencies by the day’s rate.' }),
  count: Type.Integer(),
  roas: Type.Number(),
  cvr: Type.Number({ description: 'Sales by unique users, in percent.' }),
  cvr_cost: Type.Number(),
  unconverted: Type.Optional(
    Type.Array(Type.Object({ currency: Type.String(), revenue: Type.Number() }), {
      description:
        'Revenue that no exchange rate is known for, and that `revenue` lacks; absent without any.',
    }),
  ),
});

export const CampaignReply = Type.Object({
  id: Type.String(),
  ad_account_id: NullableText,
  ad_account: Type.Object({ name: NullableText, currency: NullableText }),
  name: NullableText,
  status: NullableText,
  start_time: NullableText,
  stop_time: NullableText,
  page: Type.Object({ id: NullableText }),
  insight: insightReply('campaign_id'),
  sale_insight: nullable(SaleInsightReply),
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

function pageReply<Schema extends TSchema>(item: Schema) {
  return Type.Object({
    data: Type.Array(item),
    total_count: Type.Integer(),
    offset: Type.Integer(),
    limit: Type.Integer(),
  });
}

export const CampaignsReply = pageReply(CampaignReply);
