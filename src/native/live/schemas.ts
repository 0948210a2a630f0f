import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { EventFilterMembers } from '../events/schemas.ts';

export const LiveQuery = queryObject({
  ...EventFilterMembers,
  person: Type.Optional(
    Type.String({ format: 'uuid', description: 'Only what happens to this person, as of its storage.' }),
  ),
  afterSeq: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Where to begin; from now on if neither it nor Last-Event-ID is given.',
    }),
  ),
});

export const LiveHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ pattern: '^\\d{1,16}$', description: 'A seq; wins over afterSeq.' }),
  ),
});

export const LiveReply = {
  description: 'A stream that ends when the client, the key or the server does.',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
};
