import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { counts, Id, nullable, resourceParameters, Time } from '../schemas/common.ts';

export const EraseBody = Type.Union([
  Type.Object(
    {
      dryRun: Type.Optional(
        Type.Boolean({ description: 'Counts what would be emptied, and changes nothing.' }),
      ),
    },
    { additionalProperties: false },
  ),
  Type.Null(),
]);

const Counts = counts('Rows that were emptied or deleted, by what they are (docs/erasure.md).');

export const EraseReply = Type.Object({
  dryRun: Type.Boolean(),
  erasureId: nullable(Id),
  jobId: nullable(Type.String({ format: 'uuid', description: 'The job that empties the rest.' })),
  finished: Type.Boolean(),
  counts: Counts,
});

export const ErasureParameters = resourceParameters('erasureId', "The erasure's id.");

export const ErasuresQuery = queryObject({
  person: Type.Optional(
    Type.String({ format: 'uuid', description: 'The id of a profile that was forgotten: by which erasure.' }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  next: Type.Optional(Type.String({ format: 'uuid', description: 'The `next` of the page before.' })),
});

export const ErasureReply = Type.Object({
  id: Id,
  personId: Id,
  jobId: Id,
  requestedBy: Type.String(),
  requestedAt: Time,
  finishedAt: nullable(Time),
  receipt: nullable(
    Type.String({
      description: 'JSON: what was erased, when, and how many of each. The signature is of this very text.',
    }),
  ),
  signature: nullable(Type.String({ description: 'Ed25519, base64.' })),
  publicKey: nullable(Type.String({ description: 'By which the signature is checked; PEM.' })),
});

export const ErasuresReply = Type.Object({ erasures: Type.Array(ErasureReply), next: nullable(Id) });
