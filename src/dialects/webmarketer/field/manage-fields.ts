import type { Clock } from '../../../core/clock.ts';
import type { DialectName } from '../../../core/dialect-name.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import type { Transaction } from '../../../store/transaction.ts';
import { type CreatedField, type Field, fieldsOf, maximumCreatedFields } from './field.ts';
import { archiveCreatedField, readCreatedFields, writeCreatedField } from './field-store.ts';

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

export type NewField = Omit<CreatedField, 'createdAt' | 'archivedAt'>;

/** A new field, unless there is one of its entity and key, created or declared, or there are too many. */
export function createField(
  services: Services,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  wanted: NewField,
): Promise<Field | 'key-taken' | 'too-many'> {
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const { fields, created } = await readFields(services, tx, workspaceId, dialect);
    const isWanted = (field: Pick<Field, 'entity' | 'key'>) =>
      field.entity === wanted.entity && field.key === wanted.key;
    if (fields.some((field) => isWanted(field) && field.archivedAt === null)) return 'key-taken';
    if (created.length >= maximumCreatedFields && !created.some(isWanted)) return 'too-many';
    const field = { ...wanted, createdAt: now, archivedAt: null };
    await writeCreatedField(tx, workspaceId, field);
    const current = await readFields(services, tx, workspaceId, dialect);
    return current.fields.find(isWanted)!;
  });
}

/**
 * The field, archived. `declared` names the live event types that still declare it: it can't be archived before they are changed.
 * Undefined when there is no such field.
 */
export function archiveField(
  services: Services,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  id: string,
): Promise<Field | { readonly declared: readonly string[] } | undefined> {
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const { fields } = await readFields(services, tx, workspaceId, dialect);
    const field = fields.find((known) => known.id === id);
    if (!field || field.archivedAt) return field;
    if (field.declaredBy.length > 0) return { declared: field.declaredBy };
    await archiveCreatedField(tx, workspaceId, field, now);
    return { ...field, archivedAt: now };
  });
}

async function readFields(
  { workspaces }: Services,
  tx: Transaction,
  workspaceId: WorkspaceId,
  dialect: DialectName,
): Promise<{ fields: Field[]; created: CreatedField[] }> {
  const workspace = await workspaces.reload(workspaceId, tx);
  const created = await readCreatedFields(tx, workspaceId);
  return { fields: fieldsOf(workspace, dialect, created), created };
}
