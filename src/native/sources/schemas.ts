import Type from 'typebox';
import { countingSeconds } from '../../query/sources/count-taken.ts';
import {
  DialectSchema,
  Id,
  Name,
  nullable,
  oneOf,
  openObject,
  resourceParameters,
  Time,
} from '../schemas/common.ts';
import type { SourceDialect } from './dialects.ts';

export const SourceSchema = Type.Object({
  id: Id,
  dialect: DialectSchema,
  kind: Type.String({ description: "The vendor's word for it." }),
  externalId: Type.String(),
  name: Type.String(),
  node: Id,
  settings: openObject("The dialect's."),
  createdAt: Time,
  archivedAt: nullable(Time),
});

export const CountedSourceSchema = Type.Object({
  ...SourceSchema.properties,
  events: nullable(
    Type.Integer({
      description: `That have come in by it and are stored; null where events do not say so, and where to count them takes longer than ${countingSeconds} seconds.`,
    }),
  ),
  touchpoints: nullable(
    Type.Integer({
      description: `Visits and interactions that are its, of an integration; else null, and where to count them takes longer than ${countingSeconds} seconds.`,
    }),
  ),
});

export const SourceParameters = resourceParameters('sourceId', 'The `id` of `GET …/sources`.');

export const SourceChangesBody = Type.Object(
  {
    name: Type.Optional(Name),
    archived: Type.Optional(
      Type.Boolean({ description: 'true: nothing comes in by it; what did stays. false: it is taken back.' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const SourcesReply = Type.Object({ sources: Type.Array(SourceSchema) });

export function newSourceBody(dialects: readonly SourceDialect[]) {
  return Type.Object(
    {
      dialect: oneOf(dialects.map(({ provision }) => provision.dialect)),
      name: Name,
      externalId: Type.Optional(
        Type.String({ maxLength: 64, description: "The vendor's id; made if left out." }),
      ),
      node: Type.Optional(
        Type.String({ format: 'uuid', description: "The dialect's default node if left out." }),
      ),
      settings: Type.Optional(openObject("The dialect's.")),
    },
    { additionalProperties: false },
  );
}

export const NewSourceReply = Type.Object({
  source: SourceSchema,
  secrets: nullable(
    Type.Record(Type.String(), Type.String(), {
      description: 'By what its requests are signed and set up, where they are. Shown once.',
    }),
  ),
});
