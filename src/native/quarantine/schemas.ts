import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import {
  DialectSchema,
  dialectOf,
  Id,
  nullable,
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
});

export const QuarantinedReply = Type.Object({
  ...QuarantinedSchema.properties,
  detail: openObject("Every violation, in the dialect's own terms."),
  raw: Type.String({ description: 'The event as it was sent.' }),
});

export function quarantineQuery(dialects: readonly DialectForms[]) {
  return queryObject({
    dialect: Type.Optional(dialectOf(dialects)),
    rule: Type.Optional(Type.String({ maxLength: 100 })),
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

export const QuarantinedParameters = resourceParameters('quarantinedId', 'The quarantined event.');
