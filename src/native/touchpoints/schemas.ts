import Type from 'typebox';
import { channels } from '../../core/campaign/channel.ts';
import { queryObject } from '../../http/validation.ts';
import { DialectSchema, Id, nullable, oneOf, openObject, Time } from '../schemas/common.ts';

export const TouchpointsQuery = queryObject({
  person: Type.Optional(
    Type.String({ format: 'uuid', description: "The person's id, or that of any of its profiles." }),
  ),
  profile: Type.Optional(Type.String({ format: 'uuid', description: 'One profile alone.' })),
  campaign: Type.Optional(Type.String({ format: 'uuid' })),
  ad: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'As its platform calls it.' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Inclusive, as is to.' })),
  to: Type.Optional(Type.String({ format: 'date-time' })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
});

export const TouchpointsReply = Type.Object({
  touchpoints: Type.Array(
    Type.Object({
      id: Id,
      profileId: Id,
      personId: nullable(
        Type.String({ format: 'uuid', description: 'As of now: merges and their undoing move it.' }),
      ),
      at: Time,
      receivedAt: Time,
      dialect: DialectSchema,
      channel: oneOf(channels),
      integration: nullable(Type.String({ description: 'As its dialect calls it, such as a wmktId.' })),
      campaign: nullable(Type.Object({ id: Id, slug: nullable(Type.String()) })),
      adId: nullable(Type.String({ description: 'The ad that was clicked on, as its platform calls it.' })),
      cost: nullable(Type.Object({ amount: Type.Number(), currency: Type.String() })),
      eventId: nullable(Type.String({ format: 'uuid', description: 'The event that told of it.' })),
      detail: nullable(openObject('Landing page, referrer, utm and click ids of a visit.')),
    }),
  ),
  next: nullable(Type.String()),
});
