import Type from 'typebox';
import { campaignLevels } from '../ads/parse.ts';
import { AdInsightsQuery, PageQuery } from '../ads/schemas.ts';

const { date_from, date_to } = AdInsightsQuery.properties;

export const CampaignInsightsQuery = Type.Object({
  date_from,
  date_to,
  level: Type.Optional(Type.Union(campaignLevels.map((level) => Type.Literal(level)))),
  format: Type.Optional(Type.Literal('daily')),
  ...PageQuery.properties,
});
