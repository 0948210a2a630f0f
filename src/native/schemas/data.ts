import Type from 'typebox';
import { type IdentityKind, identityKinds } from '../../core/identity/identity.ts';
import { counts, DialectSchema, Id, nullable, oneOf, openObject, Seq, Time } from './common.ts';

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
export const EventsQuery = Type.Object({
  afterSeq: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
});
export const EventsReply = Type.Object({ events: Type.Array(EventSchema) });

export const LiveQuery = Type.Object({
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
export const LookupQuery = Type.Object({
  kind: IdentityKindSchema,
  value: Type.String({ minLength: 1, maxLength: 512 }),
});
export const TimelineQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
});
export const TimelineReply = Type.Object({
  personId: Id,
  events: Type.Array(EventSchema),
  next: nullable(Type.String()),
});

export const LinkSchema = Type.Object({
  id: nullable(Type.String({ format: 'uuid', description: 'Null for a link that a dry run would make.' })),
  first: Id,
  second: Id,
  scope: Type.Union([Type.Literal('record'), Type.Literal('person')]),
  origin: Type.String({
    description: 'binding, claim (of a browser, without a key), shared-event, shared-key or manual',
  }),
  evidence: Type.String(),
  exclusive: Type.Boolean({
    description: 'The first profile follows one record only: its oldest such link counts.',
  }),
  rivals: Type.Array(Id, {
    description:
      'The link does not count while older links have brought one of these into the first profile’s record.',
  }),
  createdSeq: nullable(Seq),
});
export const StoredLinkSchema = Type.Object({
  ...LinkSchema.properties,
  createdAt: Time,
  undoneAt: nullable(Time),
});
const Membership = Type.Object({ record: Id, person: Id });
export const LinkChangeReply = Type.Object({
  dryRun: Type.Boolean(),
  operation: Type.String({ description: 'create, redo (an undone join is active again), undo, or none' }),
  link: LinkSchema,
  moves: Type.Array(Type.Object({ profileId: Id, from: Membership, to: Membership })),
  stillHeldBy: Type.Array(LinkSchema, {
    description: 'After an undo: a chain of other links by which the two are still one person.',
  }),
});
export const NewLinkBody = Type.Object(
  { first: Id, second: Id, dryRun: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
export const UndoBody = Type.Union([
  Type.Object({ dryRun: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
  Type.Null(),
]);
export const LinksReply = Type.Object({ links: Type.Array(StoredLinkSchema) });

export const AccountingQuery = Type.Object({
  since: Type.Optional(
    Type.String({ format: 'date-time', description: '24 hours before until, if left out.' }),
  ),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Now, if left out.' })),
});
export const AccountingReply = Type.Object({
  since: Time,
  until: Time,
  closes: Type.Boolean({
    description: 'Of every hour: received = stored + duplicate + quarantined + dropped.',
  }),
  hours: Type.Array(
    Type.Object({
      dialect: Type.String(),
      hour: Time,
      received: Type.Integer(),
      stored: Type.Integer(),
      duplicate: Type.Integer(),
      quarantined: Type.Integer(),
      dropped: Type.Integer(),
      droppedBy: counts('By reason.'),
      closes: Type.Boolean(),
      derived: Type.Integer({ description: 'Events that others gave rise to; beside the equation.' }),
      deleted: Type.Integer(),
      refused: Type.Integer({ description: 'Requests that never became events.' }),
      refusedBy: counts('By error code.'),
      attributesDroppedBy: counts('Attributes that a rule dropped or cut, by rule.'),
      linksCapped: Type.Integer(),
    }),
  ),
});

export const QuarantinedSchema = Type.Object({
  id: Id,
  dialect: DialectSchema,
  type: nullable(Type.String()),
  rule: Type.String(),
  message: Type.String({ description: 'What was wrong, and what would be right.' }),
  path: nullable(Type.String({ description: 'JSON pointer into the event as it was sent.' })),
  occurredAt: Time,
  receivedAt: Time,
  processedAt: Time,
  replayedAt: nullable(Time),
});
export const QuarantinedReply = Type.Object({
  ...QuarantinedSchema.properties,
  detail: openObject("Every violation, in the dialect's own terms."),
  raw: Type.String({ description: 'The event as it was sent.' }),
});
export const QuarantineQuery = Type.Object({
  dialect: Type.Optional(DialectSchema),
  rule: Type.Optional(Type.String({ maxLength: 100 })),
  since: Type.Optional(Type.String({ format: 'date-time' })),
  until: Type.Optional(Type.String({ format: 'date-time' })),
  replayed: Type.Boolean({ default: false, description: 'true: also those that were replayed.' }),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
});
export const QuarantineReply = Type.Object({
  events: Type.Array(QuarantinedSchema),
  next: nullable(Type.String()),
});
export const ReplayReply = Type.Object({
  outcome: Type.Union([
    Type.Literal('stored'),
    Type.Literal('saved'),
    Type.Literal('duplicate'),
    Type.Literal('dropped'),
  ]),
  eventId: nullable(Id),
  seq: nullable(Seq),
  profileId: nullable(Id),
  reason: nullable(Type.String()),
});

export const RebuildReply = Type.Object({
  rollupSlices: Type.Integer(),
  catalogueEntries: Type.Integer(),
  profilesMoved: Type.Integer(),
  leads: Type.Integer(),
});
