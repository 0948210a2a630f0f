import type { Source } from '../../../core/source/source.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { attributePath, type CustomField, fieldsOfList } from './custom-field.ts';
import { type CustomFieldValue, isEmptyValue, readFieldValue } from './field-value.ts';

export interface MatchedFields {
  readonly values: ReadonlyMap<CustomField, CustomFieldValue>;
  /** By reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * Which of a list's fields are spoken of: by alias or as `CustomField<ID>`, in any case. Where a field is called both, the alias
 * counts (docs/spec/octeth.md B11). What matches nothing, or is no value, is dropped.
 */
export function matchFields(
  workspace: Workspace,
  list: Source,
  given: Readonly<Record<string, unknown>>,
): MatchedFields {
  const names = Object.keys(given);
  if (names.length === 0) return { values: new Map(), dropped: {} };
  const fields = fieldsOfList(workspace, list);
  const byAlias = new Map(
    fields.flatMap((field) => (field.alias ? [[field.alias.toLowerCase(), field]] : [])),
  );
  const byColumn = new Map(fields.map((field) => [`customfield${field.id}`, field]));
  const aliased = new Map<CustomField, CustomFieldValue>();
  const named = new Map<CustomField, CustomFieldValue>();
  const dropped: Record<string, number> = {};
  const drop = (reason: string) => {
    dropped[reason] = (dropped[reason] ?? 0) + 1;
  };
  for (const name of names) {
    const lowerName = name.trim().toLowerCase();
    const ofAlias = byAlias.get(lowerName);
    const field = ofAlias ?? byColumn.get(lowerName);
    const value = field && readFieldValue(given[name]);
    if (!field) drop('unknown-custom-field');
    else if (value === undefined) drop('invalid-custom-field-value');
    else if (ofAlias) aliased.set(field, value);
    else named.set(field, value);
  }
  for (const field of named.keys()) if (aliased.has(field)) drop('custom-field-named-twice');
  return { values: new Map([...named, ...aliased]), dropped };
}

/** What a new subscriber of a list gets where it brings nothing: the defaults of the list's own fields, by path. */
export function defaultValues(
  workspace: Workspace,
  list: Source,
  brought: ReadonlyMap<CustomField, CustomFieldValue>,
): Record<string, CustomFieldValue> {
  const missing = fieldsOfList(workspace, list).filter(
    (field) => field.sourceId !== null && field.defaultValue !== '' && isEmptyValue(brought.get(field)),
  );
  return toAttributes(workspace, new Map(missing.map((field) => [field, field.defaultValue])));
}

/** Values by the path that each is stored under. */
export function toAttributes(
  workspace: Workspace,
  values: ReadonlyMap<CustomField, CustomFieldValue>,
): Record<string, CustomFieldValue> {
  return Object.fromEntries(
    [...values].flatMap(([field, value]) => {
      const path = attributePath(workspace, field);
      return path === undefined ? [] : [[path, value]];
    }),
  );
}
