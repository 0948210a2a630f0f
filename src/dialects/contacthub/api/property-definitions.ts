import type { Access } from '../../../core/credential/authenticator.ts';
import { isRecord } from '../../../core/value/text.ts';
import { RequestError } from '../../../errors.ts';
import { DEFAULT_TEXT_LIMIT, DEFAULT_TEXT_LIST_LIMIT } from '../documents/extended.ts';
import { freeObject } from '../documents/json-schema.ts';
import type { Role } from '../roles.ts';
import { findDefinitionFault, type PropertyDefinitions } from '../settings/property-definitions.ts';
import { invalidBody } from './body.ts';

/** The body of a write of extended properties, for the document: each property's form follows from its type. */
export const definitionsBody = {
  ...freeObject,
  description:
    'By name: type, label, description, enabled, indexed, mergePolicy, maxLength, items, properties, format, enum.',
};

/** A workspace has some fifty schemas, and each process holds them. In bytes. */
export const definitionsLimit = 256 * 1024;

/** @throws RequestError `invalid-request` with the first thing that is wrong */
export function parseDefinitions(body: unknown): PropertyDefinitions {
  const fault = findDefinitionFault(body);
  if (fault) throw invalidBody('schema', [fault]);
  // Of this form, now that nothing is wrong with it.
  return body as PropertyDefinitions;
}

const whoMarks: Role = 'CLAB_OPERATOR';

/** "Property indexed can only be changed by users with role CLAB_OPERATOR." @throws RequestError `forbidden` */
export function requireMarksKept(
  { credential }: Access,
  before: PropertyDefinitions | undefined,
  wanted: PropertyDefinitions,
): void {
  if (credential.role === whoMarks) return;
  const path = findChangedMark(before ?? {}, wanted, '');
  if (path === undefined) return;
  throw new RequestError('forbidden', `indexed can only be changed by ${whoMarks}`, {
    items: [{ path, message: `can only be changed by ${whoMarks}` }],
  });
}

/** Where a property is marked as indexed otherwise than before; one that is new counts as not marked before. */
function findChangedMark(before: object, wanted: object, path: string): string | undefined {
  const known = new Map(Object.entries(before));
  for (const [name, definition] of Object.entries(wanted)) {
    const found = markOf(known.get(name), definition, `${path}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function markOf(before: unknown, wanted: unknown, path: string): string | undefined {
  if (!isRecord(wanted)) return undefined;
  const { indexed, properties, items } = isRecord(before) ? before : {};
  if ((wanted.indexed ?? false) !== (indexed ?? false)) return `${path}/indexed`;
  if (wanted.items !== undefined) return markOf(items, wanted.items, `${path}/items`);
  return isRecord(wanted.properties)
    ? findChangedMark(isRecord(properties) ? properties : {}, wanted.properties, `${path}/properties`)
    : undefined;
}

/** Definitions as replies show them: with what holds where nothing was said. */
export function presentDefinitions(
  definitions: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, presentDefinition(definition)]),
  );
}

function presentDefinition(definition: unknown): unknown {
  if (!isRecord(definition)) return definition;
  const { type, items, properties } = definition;
  return {
    enabled: true,
    indexed: false,
    ...(type === 'string' ? { maxLength: DEFAULT_TEXT_LIMIT } : {}),
    ...(isRecord(items) && items.type === 'string' ? { maxLength: DEFAULT_TEXT_LIST_LIMIT } : {}),
    ...definition,
    ...(isRecord(properties) ? { properties: presentDefinitions(properties) } : {}),
  };
}
