import { isStorableText } from '../../../core/event/storable.ts';
import { type Key, maximumKeyLength } from '../../../core/identity/identity.ts';
import { normalizeEmail } from '../../../core/value/normal-form.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { isNumber } from '../../../json/exact-number.ts';
import { attributePath, type CustomField, type ValidationMethod } from './custom-field.ts';
import { customFields } from './custom-field-store.ts';

/** A text, or several of a field that takes several. */
export type CustomFieldValue = string | readonly string[];

export const maximumValueLength = 10_000;
const maximumChoices = 500;

/** A value as it is stored: numbers are texts, yes and no are 1 and 0. Undefined for what can be none: objects, too long. */
export function readFieldValue(value: unknown): CustomFieldValue | undefined {
  if (!Array.isArray(value)) return readText(value);
  if (value.length > maximumChoices) return undefined;
  const texts: string[] = [];
  for (const item of value) {
    const text = readText(item);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

function readText(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value !== 'string' && !isNumber(value)) return undefined;
  const text = String(value);
  return text.length <= maximumValueLength && isStorableText(text) ? text : undefined;
}

/** `0` is a value. */
export function isEmptyValue(value: CustomFieldValue | undefined): boolean {
  if (value === undefined) return true;
  return typeof value === 'string' ? value.trim() === '' : value.every((text) => text.trim() === '');
}

// Linear, each: they meet texts of strangers.
const patterns: Partial<Record<ValidationMethod, RegExp>> = {
  Numbers: /^[0-9]+$/,
  Letters: /^[A-Za-z]+$/,
  'Numbers and letters': /^[A-Za-z0-9]+$/,
  URL: /^https?:\/\/[^\s]+$/i,
  Date: /^\d{4}-\d{2}-\d{2}$/,
  Time: /^\d{2}:\d{2}(?::\d{2})?$/,
};

/** Whether a value keeps its field's rule; an empty one does. A rule of the customer's own (`Custom`) is not evaluated. */
export function isValidValue({ validation }: CustomField, value: CustomFieldValue): boolean {
  if (isEmptyValue(value)) return true;
  const texts = typeof value === 'string' ? [value] : value;
  if (validation === 'Email address') return texts.every((text) => normalizeEmail(text) !== undefined);
  const pattern = patterns[validation];
  return !pattern || texts.every((text) => pattern.test(text));
}

/** The key by which a subscriber with this value is found. Hex digits of a hash are one in either case (docs/spec/octeth.md B10). */
export function identifyingKey(field: CustomField, text: string): Key | undefined {
  return keyOf('customField', field, /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : text);
}

/** All keys that values of a profile make: by what it is found, and what no other may have. */
export function fieldKeys(workspace: Workspace, values: Readonly<Record<string, unknown>>): Key[] {
  return workspace.parts.get(customFields).flatMap((field) => {
    const path = field.identifies || field.isUnique ? attributePath(workspace, field) : undefined;
    const value = path === undefined ? undefined : values[path];
    if (typeof value !== 'string' || value.trim() === '') return [];
    return keysOfValue(field, value);
  });
}

/** The keys that a value of a field makes. */
export function keysOfValue(field: CustomField, text: string): Key[] {
  const keys = [
    field.identifies ? identifyingKey(field, text) : undefined,
    field.isUnique ? keyOf('uniqueValue', field, text) : undefined,
  ];
  return keys.filter((key) => key !== undefined);
}

/** A value too long for a key, or that can't be stored, is nobody's. */
function keyOf(kind: 'customField' | 'uniqueValue', field: CustomField, text: string): Key | undefined {
  const value = `${field.id}\n${text.trim()}`;
  return value.length <= maximumKeyLength && isStorableText(value) ? { kind, value } : undefined;
}
