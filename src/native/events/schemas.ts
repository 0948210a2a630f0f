import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { DialectSchema, Id, nullable, openObject, Seq, Time } from '../schemas/common.ts';

export const EventSchema = Type.Object({
  seq: Seq,
  id: Id,
  type: Type.String(),
  typeVersion: nullable(Type.Integer()),
  dialect: DialectSchema,
  profileId: Id,
  personId: nullable(
    Type.String({ format: 'uuid', description: 'As of now: merges and their undoing move it.' }),
  ),
  sourceId: nullable(Id),
  context: nullable(Type.String()),
  occurredAt: Time,
  receivedAt: Time,
  updatedAt: nullable(Time),
  version: Type.Integer(),
  properties: openObject('As the dialect keeps them.'),
  dropped: Type.Array(Type.String(), {
    description: 'Members of what was sent that the vendor’s API does not know; they are not kept.',
  }),
});

export const EventsQuery = queryObject({
  afterSeq: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
});

export const EventsReply = Type.Object({ events: Type.Array(EventSchema) });
