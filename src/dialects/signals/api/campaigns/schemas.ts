import Type from 'typebox';
import { NullableText, nullable } from '../schemas.ts';

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
export function insightReply<Key extends string>(key: Key) {
  return Type.Object({ [key]: Type.String(), ...figures });
}

export const SaleInsightReply = Type.Object({
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
