import Type from 'typebox';
import { DialectSchema, Id, Name, nullable, openObject, Time } from '../schemas/common.ts';

export const SourceSchema = Type.Object({
  id: Id,
  dialect: DialectSchema,
  kind: Type.String({
    description: 'list (Octeth), integration (Webmarketer), app (a WhatsApp number of Signals)',
  }),
  externalId: Type.String(),
  name: Type.String(),
  node: Id,
  settings: openObject("The dialect's."),
  createdAt: Time,
  archivedAt: nullable(Time),
});

export const SourcesReply = Type.Object({ sources: Type.Array(SourceSchema) });

export const NewSourceBody = Type.Object(
  {
    dialect: Type.Union([Type.Literal('octeth'), Type.Literal('webmarketer'), Type.Literal('signals')]),
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

export const NewSourceReply = Type.Object({
  source: SourceSchema,
  secrets: nullable(
    Type.Object(
      { appSecret: Type.String(), verifyToken: Type.String() },
      { description: "Of a WhatsApp number's webhook. Shown once." },
    ),
  ),
});
