import Type from 'typebox';
import { replayedAs } from '../../core/quarantine/quarantine.ts';
import { changeKinds } from '../../core/quarantine/remedy.ts';
import { queryObject } from '../../http/validation.ts';
import {
  DialectSchema,
  dialectOf,
  Id,
  nullable,
  oneOf,
  openObject,
  resourceParameters,
  Seq,
  Time,
} from '../schemas/common.ts';
import type { DialectForms } from '../workspaces/settings.ts';

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
  replayedAs: nullable(oneOf(replayedAs)),
});

const Remedy = Type.Object(
  {
    text: Type.String({ description: 'A sentence.' }),
    change: Type.Unsafe<(typeof changeKinds)[number]>({
      ...oneOf(changeKinds),
      description: 'What is changed: what is sent, or something of the workspace or the server.',
    }),
    type: nullable(Type.String({ description: 'The event type that is to be made or changed.' })),
    typeId: nullable(Type.String({ format: 'uuid', description: 'Of the type, where there is one.' })),
    field: nullable(Type.String({ description: 'The storage key of the field of it.' })),
    setting: nullable(Type.String({ description: 'The path of the setting of the workspace.' })),
  },
  { description: 'What to do about it, and where.' },
);

const Faults = Type.Array(
  Type.Object({
    path: Type.String({
      description: 'JSON pointer into `raw`, by the names as they are written there; empty: all of it.',
    }),
    isThere: Type.Boolean({ description: 'False: there is no value at this place; one is missing.' }),
    message: Type.String(),
  }),
  { description: 'Every place at which it is wrong, the first ones of many.' },
);

export const QuarantinedReply = Type.Object({
  ...QuarantinedSchema.properties,
  detail: openObject("Every violation, in the dialect's own terms."),
  raw: Type.String({ description: 'The event as it was sent.' }),
  faults: Faults,
  remedy: Remedy,
});

const Rule = Type.String({ minLength: 1, maxLength: 100 });

function scopeMembers(dialects: readonly DialectForms[]) {
  return {
    dialect: Type.Optional(dialectOf(dialects)),
    rule: Type.Optional(Rule),
    type: Type.Optional(
      Type.String({
        maxLength: 255,
        description: 'The name of an event type; empty: those of which no type is known.',
      }),
    ),
  };
}

export function quarantineQuery(dialects: readonly DialectForms[]) {
  return queryObject({
    ...scopeMembers(dialects),
    since: Type.Optional(Type.String({ format: 'date-time' })),
    until: Type.Optional(Type.String({ format: 'date-time' })),
    replayed: Type.Boolean({ default: false, description: 'true: also those that were replayed.' }),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
    next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
  });
}

export const QuarantineReply = Type.Object({
  events: Type.Array(QuarantinedSchema),
  next: nullable(Type.String()),
});

export function groupsQuery(dialects: readonly DialectForms[]) {
  return queryObject({
    ...scopeMembers(dialects),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 200 }),
  });
}

export const GroupSchema = Type.Object({
  dialect: DialectSchema,
  rule: Type.String(),
  type: nullable(Type.String({ description: 'null: no type is known of them.' })),
  events: Type.Integer(),
  firstAt: Time,
  lastAt: Time,
  message: Type.String({ description: 'What was wrong.' }),
  remedy: Remedy,
});

export const GroupsReply = Type.Object({
  groups: Type.Array(GroupSchema, { description: 'The largest first.' }),
  allGroups: Type.Integer({ description: 'How many there are, of which these are the largest.' }),
  allEvents: Type.Integer({ description: 'How many events wait in all of them.' }),
});

export const ReplayBody = Type.Union([
  Type.Object(
    { dryRun: Type.Optional(Type.Boolean({ description: 'true: only says what would become of it.' })) },
    { additionalProperties: false },
  ),
  Type.Null(),
]);

export const StillBad = Type.Object({
  rule: Type.String(),
  path: nullable(Type.String()),
  message: Type.String(),
  faults: Faults,
  remedy: Remedy,
});

export const ReplayReply = Type.Object({
  dryRun: Type.Boolean(),
  outcome: Type.Unsafe<(typeof replayedAs)[number] | 'bad'>({
    ...oneOf([...replayedAs, 'bad']),
    description: 'bad, of a dry run alone: it breaks a rule still.',
  }),
  eventId: nullable(Id),
  seq: nullable(Seq),
  profileId: nullable(Id),
  reason: nullable(Type.String()),
  stillBad: nullable(StillBad),
});

export function replayManyBody(dialects: readonly DialectForms[]) {
  return Type.Union([
    Type.Object(
      {
        ...scopeMembers(dialects),
        dryRun: Type.Optional(Type.Boolean({ description: 'true: only counts what would become of them.' })),
      },
      { additionalProperties: false },
    ),
    Type.Null(),
  ]);
}

export const QuarantinedParameters = resourceParameters('quarantinedId', 'The quarantined event.');
