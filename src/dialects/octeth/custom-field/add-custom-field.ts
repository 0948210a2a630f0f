import type { Clock } from '../../../core/clock.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { type CustomField, maximumCustomFields } from './custom-field.ts';
import { insertCustomField, readCustomFields } from './custom-field-store.ts';

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

export type NewCustomField = Omit<CustomField, 'id' | 'createdAt'>;

/** A new custom field, unless another one that the same subscribers have goes by its alias, or there are too many. */
export function addCustomField(
  services: Services,
  workspaceId: WorkspaceId,
  wanted: NewCustomField,
): Promise<CustomField | 'alias-taken' | 'too-many'> {
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const fields = await readCustomFields(tx, workspaceId);
    if (fields.length >= maximumCustomFields) return 'too-many';
    if (fields.some((field) => sharesAlias(field, wanted))) return 'alias-taken';
    const id = (fields.at(-1)?.id ?? 0) + 1;
    const field = { ...wanted, id, createdAt: now };
    await insertCustomField(tx, workspaceId, field);
    return field;
  });
}

function sharesAlias(field: CustomField, wanted: NewCustomField): boolean {
  if (field.alias === null || field.alias.toLowerCase() !== wanted.alias?.toLowerCase()) return false;
  return field.sourceId === null || wanted.sourceId === null || field.sourceId === wanted.sourceId;
}
