import Type from 'typebox';
import { filterFields, sortFields } from './parse.ts';

const partnerId = Type.String();

export const PartnerParameters = Type.Object({ partnerId });

export const ChannelParameters = Type.Object({
  partnerId,
  clientId: Type.String(),
  appId: Type.String({ description: 'A channel: one of the client’s WhatsApp numbers.' }),
});

export const ClientsQuery = Type.Object({
  filters: Type.Optional(
    Type.String({ description: `A JSON object of texts by ${filterFields.join(', ')}.` }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  sort: Type.Optional(
    Type.String({ description: `By ${sortFields.join(', ')}, comma-separated; downwards with -.` }),
  ),
});

export const ClientsReply = Type.Object({
  count: Type.Integer({ description: 'How many are in this reply.' }),
  filters: Type.Record(Type.String(), Type.String()),
  sort: Type.Array(Type.String()),
  limit: Type.Integer(),
  offset: Type.Integer(),
  total: Type.Integer(),
  clients: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      status: Type.Literal('active'),
      organisation: Type.String(),
      meta_info: Type.Object({ timezone: Type.String() }),
      contact_info: Type.Object({}),
      created_at: Type.String(),
    }),
  ),
});
