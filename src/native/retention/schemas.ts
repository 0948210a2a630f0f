import Type from 'typebox';

export const RetentionBody = Type.Union([
  Type.Object(
    { dryRun: Type.Optional(Type.Boolean({ description: 'true: only counts.' })) },
    { additionalProperties: false },
  ),
  Type.Null(),
]);

export const RetentionReply = Type.Object({
  dryRun: Type.Boolean(),
  more: Type.Boolean({
    description: 'Of a dry run: it has its limit, and there is more, uncounted.',
  }),
  webmarketer: Type.Object(
    { anonymizedEvents: Type.Integer(), anonymizedTrash: Type.Integer(), anonymizedUsers: Type.Integer() },
    { description: 'Expiration policies of the project and its event types.' },
  ),
  octeth: Type.Object({ deletedEvents: Type.Integer() }, { description: 'eventRetentionDays' }),
});
