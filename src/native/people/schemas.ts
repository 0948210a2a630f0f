import Type from 'typebox';
import { type IdentityKind, identityKinds } from '../../core/identity/identity.ts';
import { queryObject } from '../../http/validation.ts';
import { EventFilterMembers, EventSchema } from '../events/schemas.ts';
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

const KeySchema = Type.Object({ kind: Type.String(), value: Type.String() });

export const ProfileSchema = Type.Object({
  id: Id,
  dialect: DialectSchema,
  node: Id,
  recordId: Type.String({ format: 'uuid', description: "The record that the vendor's API shows it in." }),
  anonymous: Type.Boolean(),
  name: nullable(Type.String({ description: 'How it is called, where its dialect has a field for that.' })),
  keys: Type.Array(KeySchema),
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

const FoundKeySchema = Type.Object(KeySchema.properties, {
  description: 'By which it was found; of who was found by a name, one by which else it is known.',
});

export const PeopleReply = Type.Object({
  people: Type.Array(
    Type.Object({
      id: Id,
      title: Type.String({ description: 'Its name; where it has none, the key.' }),
      name: nullable(Type.String()),
      key: nullable(FoundKeySchema),
    }),
    { description: 'Those who have the key first, then those who are called so; oldest first.' },
  ),
});

export const LookupQuery = queryObject({
  kind: IdentityKindSchema,
  value: Type.String({ minLength: 1, maxLength: 512 }),
});

export const TimelineQuery = queryObject({
  ...EventFilterMembers,
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
});

export const TimelineReply = Type.Object({
  personId: Id,
  events: Type.Array(EventSchema),
  next: nullable(Type.String()),
});

const Span = { firstAt: Time, lastAt: Time };

export const SummaryReply = Type.Object({
  personId: Id,
  events: Type.Integer(),
  firstAt: nullable(
    Type.String({ format: 'date-time', description: 'Of the first event; null: there is none.' }),
  ),
  lastAt: nullable(Time),
  types: Type.Array(
    Type.Object({ dialect: DialectSchema, type: Type.String(), events: Type.Integer(), ...Span }),
    { description: 'The most frequent ones first; at most 200.' },
  ),
  amounts: Type.Array(
    Type.Object({
      dialect: DialectSchema,
      type: Type.String(),
      metric: Type.String({ description: 'A statistic or a state of the event type.' }),
      currency: Type.String(),
      sum: Type.String({ description: 'With all its digits.' }),
      events: Type.Integer(),
      counted: Type.Boolean({
        description: 'False: no rate for this currency is known, so it is in no sum of the workspace yet.',
      }),
    }),
    { description: 'What the amounts of its events come to; at most 200.' },
  ),
});

export const PersonParameters = resourceParameters(
  'personId',
  "The person's id, or that of any of its profiles.",
);
