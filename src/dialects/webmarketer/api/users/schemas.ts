import Type from 'typebox';
import { EventReply } from '../events/schemas.ts';
import { page, pageQuery } from '../schemas.ts';

export const UserParameters = Type.Object({ projectId: Type.String(), userId: Type.String() });
export const UserEventsQuery = Type.Object(pageQuery);
export const UserEventsReply = page(EventReply);

const nullable = (description: string) => Type.Unknown({ description });

export const UserSearchBody = Type.Object({
  ...pageQuery,
  fields: Type.Optional(
    Type.Array(Type.String(), { description: 'Storage keys of the fields to show; none: all' }),
  ),
  filters: Type.Optional(
    nullable(
      'Null, or by storage key a value to be equal to or {contains: part}; at most 5, and all have to be true',
    ),
  ),
  sort: Type.Optional(Type.String({ description: 'A storage key, createdAt (unless given) or updatedAt' })),
  order: Type.Optional(Type.String({ description: 'ASC (unless given) or DESC' })),
});

const date = nullable('A date-time or null');

export const UsersReply = page(
  Type.Object({
    _id: Type.String({ description: '24 hex digits' }),
    projectId: Type.String(),
    fields: Type.Array(Type.Object({ field: Type.String(), values: Type.Array(Type.Unknown()) })),
    lastInteractionDate: date,
    firstInteractionDate: date,
    lastEventDate: date,
    firstEventDate: date,
    createdAt: Type.String({ format: 'date-time' }),
    updatedAt: Type.String({ format: 'date-time' }),
  }),
);
