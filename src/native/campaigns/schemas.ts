import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { Id, nullable, Time, WorkspaceParameters } from '../schemas/common.ts';

export const CampaignSchema = Type.Object({
  id: Id,
  integration: nullable(Type.String({ description: 'Its wmktId.' })),
  slug: Type.String(),
  keyless: Type.Boolean({ description: 'Visits of a page’s visitors made it, without a key.' }),
  createdAt: Time,
});

export const CampaignsQuery = queryObject({
  integration: Type.Optional(Type.String({ maxLength: 64, description: 'A wmktId.' })),
  keyless: Type.Optional(Type.Boolean()),
  after: Type.Optional(Type.String({ format: 'uuid' })),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
});

export const CampaignsReply = Type.Object({
  campaigns: Type.Array(CampaignSchema),
  next: nullable(Type.String({ description: '`after` of the next page.' })),
});

export const CampaignParameters = Type.Object({
  ...WorkspaceParameters.properties,
  campaignId: Type.String({ format: 'uuid' }),
});

export const CampaignDeletionReply = Type.Object({
  more: Type.Boolean({ description: 'A call has its limit: call again.' }),
});
