import Type from 'typebox';
import { type IdentityKind, identityKinds } from '../../core/identity/identity.ts';
import { queryObject } from '../../http/validation.ts';
import { EventSchema } from '../events/schemas.ts';
import {
  DialectSchema,
  Id,
  nullable,
  oneOf,
  openObject,
  resourceParameters,
  Time,
} from '../schemas/common.ts';

export const IdentityKindSchema = oneOf(Object.keys(identityKinds) as IdentityKind[]);

export const ProfileSchema = Type.Object({
  id: Id,
  dialect: DialectSchema,
  node: Id,
  recordId: Type.String({ format: 'uuid', description: "The record that the vendor's API shows it in." }),
  anonymous: Type.Boolean(),
  keys: Type.Array(Type.Object({ kind: Type.String(), value: Type.String() })),
  attributes: openObject('Values by flat path.'),
  createdAt: Time,
  updatedAt: Time,
});

export const PersonReply = Type.Object({
  id: Id,
  profiles: Type.Array(ProfileSchema, { description: 'The one that names the person first; at most 1000.' }),
  profileCount: Type.Integer(),
});

export const FoundPersonReply = Type.Object({
  ...PersonReply.properties,
  otherPersonIds: Type.Array(Id, {
    description: 'Further persons with this key: links were undone, or the kind is no matching rule.',
  }),
});

export const PeopleQuery = queryObject({
  search: Type.String({ minLength: 1, maxLength: 512 }),
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 20 }),
});

export const PeopleReply = Type.Object({
  people: Type.Array(
    Type.Object({ id: Id, title: Type.String({ description: 'By which it is known, or was found.' }) }),
    { description: 'Oldest first.' },
  ),
});

export const LookupQuery = queryObject({
  kind: IdentityKindSchema,
  value: Type.String({ minLength: 1, maxLength: 512 }),
});

export const TimelineQuery = queryObject({
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
});

export const TimelineReply = Type.Object({
  personId: Id,
  events: Type.Array(EventSchema),
  next: nullable(Type.String()),
});

export const PersonParameters = resourceParameters(
  'personId',
  "The person's id, or that of any of its profiles.",
);
