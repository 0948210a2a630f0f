import Type from 'typebox';
import { DialectSchema, WorkspaceParameters } from '../schemas/common.ts';

export const BindingSchema = Type.Object({
  dialect: DialectSchema,
  kind: Type.String(),
  externalId: Type.String({ description: "In the vendor's paths, bodies or headers." }),
});

export const BindingsReply = Type.Object({ bindings: Type.Array(BindingSchema) });

export const NewBindingBody = Type.Object(
  {
    dialect: Type.Union([Type.Literal('webengage'), Type.Literal('webmarketer'), Type.Literal('signals')]),
    kind: Type.String({ maxLength: 32, description: 'license, project, partner or client' }),
    externalId: Type.String({ maxLength: 64 }),
    partnerId: Type.Optional(Type.String({ maxLength: 64, description: 'Of a Signals client.' })),
  },
  { additionalProperties: false },
);

export const BindingParameters = Type.Object({
  ...WorkspaceParameters.properties,
  dialect: DialectSchema,
  kind: Type.String({ maxLength: 32 }),
  externalId: Type.String({ maxLength: 64 }),
});
