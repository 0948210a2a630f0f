import Type, { type Static } from 'typebox';
import { nameOwnersOf, namingDialectsOf } from '../../core/workspace/manage-bindings.ts';
import type { Provided } from '../../core/workspace/provision.ts';
import { DialectSchema, dialectOf, oneOf, WorkspaceParameters } from '../schemas/common.ts';
import type { DialectForms } from '../workspaces/settings.ts';

export const BindingSchema = Type.Object({
  dialect: DialectSchema,
  kind: Type.String(),
  externalId: Type.String({ description: "In the vendor's paths, bodies or headers." }),
});

export const BindingsReply = Type.Object({ bindings: Type.Array(BindingSchema) });

/** With the settings of the names that another one belongs to. */
export function newBindingBody(dialects: readonly Provided[]) {
  const kinds = dialects.flatMap(({ provision }) => Object.keys(provision.names ?? {}));
  const named = {
    dialect: oneOf(namingDialectsOf(dialects)),
    kind: Type.String({ maxLength: 32, description: kinds.join(', ') }),
    externalId: Type.String({ maxLength: 64 }),
  };
  const owners = [...nameOwnersOf(dialects)].map(([setting, kind]) => {
    const description = `The ${kind} of the workspace that the name belongs to, where names of its kind do.`;
    return [setting, Type.Optional(Type.String({ maxLength: 64, description }))] as const;
  });
  const body = Type.Object({ ...named, ...Object.fromEntries(owners) }, { additionalProperties: false });
  return Type.Unsafe<Static<Type.TObject<typeof named>> & Readonly<Record<string, string>>>(body);
}

export function bindingParameters(dialects: readonly DialectForms[]) {
  return Type.Object({
    ...WorkspaceParameters.properties,
    dialect: dialectOf(dialects),
    kind: Type.String({ maxLength: 32 }),
    externalId: Type.String({ maxLength: 64 }),
  });
}
