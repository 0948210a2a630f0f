import { createHash } from 'node:crypto';
import type { DialectName } from '../../../core/dialect-name.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { definitionOf, type FieldDefinition, type FieldEntity } from '../definition/definition.ts';
import type { FieldTypeName } from '../field-type/field-type.ts';

/** A field that was created by itself, before or beside any event type that declares it. */
export interface CreatedField {
  readonly entity: FieldEntity;
  readonly key: string;
  readonly type: FieldTypeName;
  readonly label: string;
  readonly isPii: boolean;
  readonly discriminant: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}

/** A field of a workspace: entity and key name it. */
export interface Field extends Omit<CreatedField, 'createdAt'> {
  /** 24 hex digits, the same however the field came to be. */
  readonly id: string;
  /** The live event types that declare it, by name. */
  readonly declaredBy: readonly string[];
}

/** Created fields of a workspace, archived ones included. All are read at once. */
export const maximumCreatedFields = 5000;

/**
 * All fields of a workspace: those that were created, and those that live event types declare, by entity and key. A created field
 * says itself what it is, and of one that is only declared the oldest declaring type says it; personal or discriminant either is
 * as soon as one type says so. An archived field that a type declares is alive.
 */
export function fieldsOf(
  workspace: Workspace,
  dialect: DialectName,
  created: readonly CreatedField[],
): Field[] {
  const fields = new Map<string, MergedField>();
  for (const field of created) {
    const { createdAt: _createdAt, ...shown } = field;
    fields.set(nameOf(field), { ...shown, id: fieldId(workspace, field), declaredBy: [] });
  }
  const types = workspace.eventTypes.ofDialect(dialect).filter((type) => type.archivedAt === null);
  for (const type of types.sort((a, b) => a.id - b.id)) {
    for (const declared of definitionOf(type)?.fields ?? []) {
      const name = nameOf({ entity: declared.entity, key: declared.storageKey });
      let field = fields.get(name);
      if (!field || field.archivedAt !== null) field = declaredField(workspace, declared);
      field.isPii ||= declared.isPii;
      field.discriminant ||= declared.discriminant;
      field.declaredBy.push(type.name);
      fields.set(name, field);
    }
  }
  return [...fields.values()].sort(compareFields);
}

/** A field on its way, which each declaration adds to. */
interface MergedField extends Omit<Field, 'isPii' | 'discriminant' | 'declaredBy'> {
  isPii: boolean;
  discriminant: boolean;
  readonly declaredBy: string[];
}

/** Ids are made of what names the field, so that a declared field, which has no row, has one too. */
function fieldId(workspace: Workspace, field: { entity: FieldEntity; key: string }): string {
  return createHash('sha256')
    .update(`${workspace.publicId}\n${nameOf(field)}`)
    .digest('hex')
    .slice(0, 24);
}

function nameOf({ entity, key }: { entity: FieldEntity; key: string }): string {
  return `${entity}\n${key}`;
}

function declaredField(workspace: Workspace, declared: FieldDefinition): MergedField {
  const { entity, storageKey: key, type, isPii, discriminant } = declared;
  return {
    id: fieldId(workspace, { entity, key }),
    entity,
    key,
    type,
    label: key,
    isPii,
    discriminant,
    metadata: {},
    archivedAt: null,
    declaredBy: [],
  };
}

function compareFields(a: Field, b: Field): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}
