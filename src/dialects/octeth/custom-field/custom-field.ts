import type { Source } from '../../../core/source/source.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { customFields } from './custom-field-store.ts';

export const fieldTypes = [
  'Single line',
  'Paragraph text',
  'Multiple choice',
  'Drop down',
  'Checkboxes',
  'Date field',
  'Time field',
  'Hidden field',
] as const;
export type CustomFieldType = (typeof fieldTypes)[number];

export const validationMethods = [
  'Disabled',
  'Numbers',
  'Letters',
  'Numbers and letters',
  'Email address',
  'URL',
  'Date',
  'Time',
  'Custom',
] as const;
export type ValidationMethod = (typeof validationMethods)[number];

/** What subscribers can be known by beside their address: of one list, or of all. */
export interface CustomField {
  /** Counted within the workspace, never used again. */
  readonly id: number;
  /** Null: every list's (a global field). */
  readonly sourceId: number | null;
  readonly name: string;
  readonly type: CustomFieldType;
  /** What events may call it by, in any case. */
  readonly alias: string | null;
  /** Subscribers are found by its value (the vendor's UniqueIdentifier). */
  readonly identifies: boolean;
  /** No two subscribers of a list have the same value, where the caller has it enforced. */
  readonly isUnique: boolean;
  readonly isRequired: boolean;
  /** Given to new subscribers that come without one; empty: none. */
  readonly defaultValue: string;
  readonly validation: ValidationMethod;
  /** What is kept for those who read the field and decides nothing: options, visibility, years, the rule of `Custom`. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** Custom fields of a workspace; all are loaded with its configuration. */
export const maximumCustomFields = 1000;
/** Of the vendor's columns. */
export const maximumNameLength = 250;

/** The fields that a list's subscribers have: its own and the global ones, by id. */
export function fieldsOfList(workspace: Workspace, list: Source): CustomField[] {
  return workspace.parts
    .get(customFields)
    .filter((field) => field.sourceId === null || field.sourceId === list.id);
}

/** The field by whose value a list's subscribers are found; of several the one with the lowest id (docs/spec/octeth.md B9). */
export function identifyingField(workspace: Workspace, list: Source): CustomField | undefined {
  return fieldsOfList(workspace, list).find((field) => field.identifies);
}

/**
 * Whether a page's visitor may write it: a field that is public (the vendor's Visibility), and by which nobody is found or kept
 * from a value.
 */
export function isOpenToVisitors({ identifies, isUnique, detail }: CustomField): boolean {
  return !identifies && !isUnique && String(detail.visibility).toLowerCase() === 'public';
}

/** Where a subscriber's value is: under the list where the field is one list's. Undefined where that list is gone. */
export function attributePath(workspace: Workspace, field: CustomField): string | undefined {
  if (field.sourceId === null) return `customFields.${field.id}`;
  const list = workspace.sources.get(field.sourceId);
  return list && `lists.${list.externalId}.customFields.${field.id}`;
}
