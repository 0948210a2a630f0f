import type { DialectName } from '../dialect-name.ts';
import { identifyUser } from '../event-type/check-fields-identity.ts';
import { definitionOf, type FieldDefinition, phoneCountriesOf } from '../event-type/definition.ts';
import { checkValue } from '../field-type/field-type.ts';
import { type FieldValue, wrapValue } from '../field-type/value.ts';
import { type Key, keyText } from '../identity/identity.ts';
import type { Workspace } from '../workspace/workspace.ts';

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
  | { readonly kind: 'invalid'; readonly key: string; readonly type: string }
  | { readonly kind: 'nobody' };

/**
 * Reads who a person is from values by storage key. Only discriminant user fields of the dialect's live event types identify;
 * others are a fault (spec/webmarketer.md ruling 11). Where types declare a field differently, a value that suits one of them is
 * good. What is null or empty is absent.
 */
export function identifyByFields(
  workspace: Workspace,
  dialect: DialectName,
  data: Readonly<Record<string, unknown>>,
  at: Date,
): IdentifiedPerson | IdentityFault {
  const declarations = discriminantFields(workspace, dialect);
  const strangers = Object.keys(data).filter((key) => !declarations.has(key));
  if (strangers.length > 0) return { kind: 'not-discriminant', keys: strangers };
  const discriminants = new Map<string, Key>();
  const contacts = new Map<string, Key>();
  const values: Record<string, FieldValue> = Object.create(null);
  for (const [key, raw] of Object.entries(data)) {
    if (raw === null || raw === '') continue;
    for (const declaration of declarations.get(key)!) {
      const value = checkDeclared(workspace, declaration, raw, at);
      if (value.invalid) continue;
      values[key] ??= value;
      const definition = { ...declaration.definition, fields: [declaration.field] };
      const identity = identifyUser(definition, { [key]: value }, declaration.phoneCountries);
      for (const found of identity.discriminants) discriminants.set(keyText(found), found);
      for (const found of identity.contacts) contacts.set(keyText(found), found);
    }
    if (!values[key]) return { kind: 'invalid', key, type: declarations.get(key)![0]!.field.type };
  }
  if (discriminants.size === 0) return { kind: 'nobody' };
  return { discriminants: [...discriminants.values()], contacts: [...contacts.values()], values };
}

type Declaration = ReturnType<typeof declarationsOf>[number];

function discriminantFields(workspace: Workspace, dialect: DialectName): Map<string, Declaration[]> {
  return Map.groupBy(declarationsOf(workspace, dialect), ({ field }) => field.storageKey);
}

function declarationsOf(workspace: Workspace, dialect: DialectName) {
  const isDiscriminant = (field: FieldDefinition) => field.entity === 'user' && field.discriminant;
  return workspace.eventTypes
    .ofDialect(dialect)
    .sort((a, b) => a.id - b.id)
    .flatMap((type) => {
      const definition = type.archivedAt === null ? definitionOf(type) : undefined;
      if (!definition) return [];
      const phoneCountries = phoneCountriesOf(definition, workspace.settings.phoneCountries);
      return definition.fields
        .filter(isDiscriminant)
        .map((field) => ({ definition, field, phoneCountries }));
    });
}

function checkDeclared(
  workspace: Workspace,
  { field, phoneCountries }: Declaration,
  raw: unknown,
  at: Date,
): FieldValue {
  const context = { phoneCountries, currency: workspace.currency, receivedAt: at };
  return wrapValue(field.type, raw, checkValue(field.type, raw, context), at);
}
