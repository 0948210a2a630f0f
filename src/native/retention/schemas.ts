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
    description: 'A call has its limit: there is more, to be had by calling again (in a dry run: uncounted).',
  }),
  webmarketer: Type.Object(
    { anonymizedEvents: Type.Integer(), anonymizedTrash: Type.Integer(), anonymizedUsers: Type.Integer() },
    { description: 'Expiration policies of the project and its event types.' },
  ),
  octeth: Type.Object({ deletedEvents: Type.Integer() }, { description: 'eventRetentionDays' }),
});
