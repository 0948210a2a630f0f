import Type from 'typebox';
import type { Workspace } from '../../core/workspace/workspace.ts';

const identifying = ['email', 'phone'] as const;

/** A workspace's `settings.dialects.webengage`. */
export const AccountSettings = Type.Object(
  {
    identifyingAttributes: Type.Optional(
      Type.Array(Type.Union(identifying.map((name) => Type.Literal(name))), {
        uniqueItems: true,
        maxItems: identifying.length,
        description: 'Attributes of events that say who the user is; none if left out.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Those that are known, of a list that an older version may have let in with others. */
export function identifyingAttributesOf({ settings: { dialects } }: Pick<Workspace, 'settings'>) {
  const named = dialects.webengage?.identifyingAttributes;
  return Array.isArray(named) ? identifying.filter((name) => named.includes(name)) : [];
}
