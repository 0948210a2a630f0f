import type { DialectName } from '../../../core/dialect-name.ts';
import { type Key, keyText } from '../../../core/identity/identity.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { CreatedField } from '../field/field.ts';
import { checkValue, type FieldTypeName } from '../field-type/field-type.ts';
import { type FieldValue, wrapValue } from '../field-type/value.ts';
import { definitionOf, type FieldDefinition, phoneCountriesOf } from './definition.ts';
import { identifyUser } from './identify-user.ts';

/** Who a person is by discriminant fields alone, without an event. */
export interface IdentifiedPerson {
  /** The keys that events of any of the workspace's types would find the person by. */
  readonly discriminants: readonly Key[];
  readonly contacts: readonly Key[];
  /** The checked values by storage key. */
  readonly values: Readonly<Record<string, FieldValue>>;
}

export type IdentityFault =
  | { readonly kind: 'not-discriminant'; readonly keys: readonly string[] }
  | { readonly kind: 'invalid'; readonly key: string; readonly type: FieldTypeName }
  | { readonly kind: 'nobody' };

/**
 * Reads who a person is from values by storage key. Only discriminant user fields identify: those of the dialect's live event types
 * and the `created` ones; others are a fault (docs/spec/webmarketer.md ruling 11). Where a field is declared differently, a value that
 * suits one of the declarations is good. What is null or empty is absent.
 */
export function identifyByFields(
  workspace: Workspace,
  dialect: DialectName,
  created: readonly CreatedField[],
  data: Readonly<Record<string, unknown>>,
  at: Date,
): IdentifiedPerson | IdentityFault {
  const declared = [...declaredFields(workspace, dialect), ...createdFields(workspace, created)];
  const declarations = Map.groupBy(declared, ({ field }) => field.storageKey);
  const strangers = Object.keys(data).filter((key) => !declarations.has(key));
  if (strangers.length > 0) return { kind: 'not-discriminant', keys: strangers };
  const discriminants = new Map<string, Key>();
  const contacts = new Map<string, Key>();
  const values: Record<string, FieldValue> = Object.create(null);
  for (const [key, raw] of Object.entries(data)) {
    if (raw === null || raw === '') continue;
    for (const { field, phoneCountries } of declarations.get(key)!) {
      const context = { phoneCountries, currency: workspace.currency, receivedAt: at };
      const value = wrapValue(field.type, raw, checkValue(field.type, raw, context), at);
      if (value.invalid) continue;
      values[key] ??= value;
      const identity = identifyUser({ fields: [field] }, { [key]: value }, phoneCountries);
      for (const found of identity.discriminants) discriminants.set(keyText(found), found);
      for (const found of identity.contacts) contacts.set(keyText(found), found);
    }
    if (!values[key]) return { kind: 'invalid', key, type: declarations.get(key)![0]!.field.type };
  }
  if (discriminants.size === 0) return { kind: 'nobody' };
  return { discriminants: [...discriminants.values()], contacts: [...contacts.values()], values };
}

/** A discriminant user field, and by which countries its phone numbers are read. */
interface Declaration {
  readonly field: FieldDefinition;
  readonly phoneCountries: string[];
}

/** Of the live event types, the oldest first. */
function declaredFields(workspace: Workspace, dialect: DialectName): Declaration[] {
  return workspace.eventTypes
    .ofDialect(dialect)
    .sort((a, b) => a.id - b.id)
    .flatMap((type) => {
      const definition = type.archivedAt === null ? definitionOf(type) : undefined;
      if (!definition) return [];
      const phoneCountries = phoneCountriesOf(definition, workspace.settings.phoneCountries);
      return definition.fields
        .filter((field) => field.entity === 'user' && field.discriminant)
        .map((field) => ({ field, phoneCountries }));
    });
}

function createdFields({ settings }: Workspace, created: readonly CreatedField[]): Declaration[] {
  return created
    .filter((field) => field.entity === 'user' && field.discriminant && field.archivedAt === null)
    .map(({ key, type, isPii }) => ({
      field: {
        type,
        entity: 'user',
        storageKey: key,
        ingestionKey: null,
        discriminant: true,
        isPii,
        isMostProbableLocation: false,
        optional: true,
      },
      phoneCountries: settings.phoneCountries,
    }));
}
