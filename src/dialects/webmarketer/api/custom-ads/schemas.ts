import Type from 'typebox';
import { IntegrationParameters } from '../integrations/schemas.ts';
import { page, pageQuery } from '../schemas.ts';

const dateTime = Type.String({ format: 'date-time' });
const flag = Type.String({ description: '0, 1, true or false' });
const text = (description: string) => Type.String({ maxLength: 200, description });
const objectId = Type.String({ description: '24 hex digits' });
const order = Type.Optional(Type.String({ description: 'ASC (the default) or DESC' }));

export const CampaignParameters = Type.Object({
  ...IntegrationParameters.properties,
  campaignId: Type.String(),
});

export const OutlayParameters = Type.Object({ ...CampaignParameters.properties, outlayId: Type.String() });

export const CampaignsQuery = Type.Object({
  ...pageQuery,
  active: Type.Optional(flag),
  explicit: Type.Optional(flag),
  campaignId: Type.Optional(text('The campaign of this id')),
  campaignSlug: Type.Optional(text('The campaign of this slug')),
  nameLike: Type.Optional(text('Part of the name, in any case')),
  sort: Type.Optional(Type.String({ description: 'name, campaignId or active; else by age' })),
  order,
});

export const OutlaysQuery = Type.Object({
  ...pageQuery,
  since: Type.Optional(Type.String({ description: 'Those that end after this RFC 3339 date-time' })),
  until: Type.Optional(Type.String({ description: 'Those that start at or before it' })),
  sort: Type.Optional(
    Type.String({
      description: 'campaignId, startDate (the default), endDate, amount, country or region',
    }),
  ),
  order,
});

export const NewCampaignBody = Type.Object({
  campaignSlug: Type.String({ description: 'Names the campaign in landing URLs; unique in the integration' }),
  name: Type.String(),
  active: Type.Optional(Type.Boolean({ default: true })),
});

export const CampaignChangeBody = Type.Object({
  name: Type.Optional(Type.String()),
  active: Type.Optional(Type.Boolean()),
});

const outlay = {
  amount: Type.Number({ minimum: 0, description: 'In the currency of the integration' }),
  startDate: dateTime,
  endDate: Type.String({ format: 'date-time', description: 'After startDate; not covered itself' }),
};
const place = { country: Type.Optional(Type.String()), region: Type.Optional(Type.String()) };

export const NewOutlayBody = Type.Object({ ...outlay, ...place });

export const OutlayChangeBody = Type.Object({
  ...Type.Partial(Type.Object(outlay)).properties,
  ...place,
  campaignId: Type.Optional(Type.String({ description: 'Another campaign of the integration: moves it' })),
});

export const CreatedReply = Type.Object({ id: objectId });

export const ModifiedReply = Type.Object({ modifiedCount: Type.Integer() });

export const CampaignReply = Type.Object({
  id: objectId,
  integrationId: objectId,
  projectId: Type.String(),
  name: Type.String(),
  campaignSlug: Type.String(),
  active: Type.Boolean(),
  explicit: Type.Boolean({ description: 'False: it appeared from traffic' }),
  createdAt: dateTime,
  updatedAt: dateTime,
});

export const CampaignsReply = page(CampaignReply);

export const OutlayReply = Type.Object({
  _id: objectId,
  projectId: Type.String(),
  integrationId: objectId,
  campaignId: objectId,
  amount: Type.Object({ amount: Type.Number(), currency: Type.String() }),
  startDate: dateTime,
  endDate: dateTime,
  country: Type.Unknown({ description: 'A string or null' }),
  region: Type.Unknown({ description: 'A string or null' }),
  deletedAt: Type.Null(),
  createdAt: dateTime,
  updatedAt: dateTime,
});

export const OutlaysReply = page(OutlayReply);
