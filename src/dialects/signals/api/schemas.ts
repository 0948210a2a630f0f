import Type, { type TSchema } from 'typebox';
import { conversationEventTypes } from '../conversation/conversation-event.ts';
import { eventColumns } from './present.ts';

export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
export const NullableText = nullable(Type.String());

export const AppParameters = Type.Object({
  appId: Type.String({ description: 'A WhatsApp number (channel).' }),
});

export const ClientParameters = Type.Object({ clientId: Type.String() });

export const ClientAppParameters = Type.Object({
  clientId: Type.String(),
  appId: Type.String({ description: 'One of the client’s WhatsApp numbers (channels).' }),
});

export const AdAccountParameters = Type.Object({
  ...ClientAppParameters.properties,
  adAccountId: Type.String({ description: 'Digits, without act_.' }),
});
export const AdParameters = Type.Object({ ...ClientAppParameters.properties, adId: Type.String() });
export const CampaignParameters = Type.Object({
  ...ClientAppParameters.properties,
  campaignId: Type.String(),
});

export const VerificationQuery = Type.Object({
  'hub.mode': Type.String({ description: 'subscribe' }),
  'hub.verify_token': Type.String({ description: 'The token that was agreed on for the app.' }),
  'hub.challenge': Type.String({ description: 'Sent back as it is.' }),
});

export const DeliveryHeaders = Type.Object({
  'x-hub-signature-256': Type.Optional(
    Type.String({
      description: '`sha256=` and the HMAC of the body’s bytes by the app’s secret; in place of a key.',
    }),
  ),
});

export const DeliveryBody = Type.Object(
  {
    object: Type.Optional(Type.Literal('whatsapp_business_account')),
    entry: Type.Optional(Type.Array(Type.Object({}, { additionalProperties: true }))),
  },
  {
    additionalProperties: true,
    description:
      'The envelope of WhatsApp’s Cloud API; or `contacts`, `messages` and `statuses` alone, as the on-premises API sends them.',
  },
);

export const SuccessReply = Type.Object({ success: Type.Literal(true) });

export const EventTypeName = Type.Union(conversationEventTypes.map((type) => Type.Literal(type)));

const eventFilters = {
  date_from: Type.String({ description: 'YYYY-MM-DD or an ISO date and time, UTC unless said; inclusive.' }),
  date_to: Type.String({ description: 'Likewise; a day alone means its end.' }),
  ad_id: Type.Optional(Type.String()),
  event_type: Type.Optional(EventTypeName),
  event_type_id: Type.Optional(Type.String({ description: '24 hex digits, or as in `keyword#1`.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
};

const offset = Type.Optional(Type.Integer({ minimum: 0, default: 0 }));

export const EventTypesQuery = Type.Object(eventFilters);
export const EventsQuery = Type.Object({ ...eventFilters, offset });

export const EventsReply = Type.Object({
  data: Type.Array(
    Type.Object(
      Object.fromEntries(eventColumns.map((name) => [name, Type.Union([Type.String(), Type.Null()])])),
    ),
  ),
  total_count: Type.Integer(),
  offset: Type.Integer(),
  limit: Type.Integer(),
});

export const EventTypesReply = Type.Array(Type.Object({ name: Type.String(), value: EventTypeName }));

export const StandaloneStatsReply = Type.Object({ sessions_num: Type.Integer(), events_num: Type.Integer() });
