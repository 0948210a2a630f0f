import Type from 'typebox';
import { Id, nullable, resourceParameters, Seq, Time } from '../schemas/common.ts';

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

export const LinkParameters = resourceParameters('linkId', 'The link.');
