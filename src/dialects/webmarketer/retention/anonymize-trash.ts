import { readQuarantined } from '../../../core/quarantine/quarantine-store.ts';
import { placeAt, type SliceResult } from '../../../core/retention/retention-slice.ts';
import { readJson } from '../../../json/read-json.ts';
import type { PlannedSlice, RetentionPlan } from './retention-plan.ts';
import { readDueTrash, replaceTrash, type TrashDueDates } from './trash-store.ts';

const rowsPerWindow = 1000;
/** Each is read by itself, since it can be as large as a request. */
const rowsPerSlice = 25;

/** Webmarketer's trashed events, by the policy of their type; those of a type that there is not by the project's. */
function trashDueDates({ workspace, due }: RetentionPlan): TrashDueDates {
  const types = workspace.eventTypes.ofDialect('webmarketer');
  return {
    byType: new Map(types.map(({ id, name }) => [name, due.types.get(id)])),
    others: due.project,
  };
}

/**
 * Empties the next trashed events that are due. Nothing says which of their values are personal (a misspelt key is no declared
 * field), so all of the data goes; what names the event stays, and why it was refused.
 */
export async function anonymizeDueTrash(slice: PlannedSlice): Promise<SliceResult> {
  const { connection, plan, position, change } = slice;
  const { id: workspaceId } = plan.workspace;
  const { ids, next } = await readDueTrash(
    connection,
    workspaceId,
    'webmarketer',
    trashDueDates(plan),
    position,
    rowsPerWindow,
    rowsPerSlice,
  );
  if (change) {
    for (const id of ids) {
      const { raw, detail } = (await readQuarantined(connection, workspaceId, id))!;
      await replaceTrash(connection, workspaceId, id, emptyRaw(raw), emptyDetail(detail, plan.now));
    }
  }
  return { total: ids.length, ...placeAt(next) };
}

/** The envelope is kept: by its nonce a repeat is one still. */
function emptyRaw(raw: Uint8Array): string {
  // The decoder takes a byte order mark off, which clients may send.
  const sent = readJson(new TextDecoder().decode(raw)) as Record<string, unknown>;
  const { projectId, eventType, nonce, eventDate } = sent;
  return JSON.stringify({ projectId, eventType, nonce, eventDate, data: {} });
}

/** Without the values that were not of their fields' types. */
function emptyDetail({ errors, ...others }: Record<string, unknown>, now: Date): Record<string, unknown> {
  const emptied = Array.isArray(errors)
    ? { errors: errors.map(({ value: _value, ...error }: Record<string, unknown>) => error) }
    : {};
  return { ...others, ...emptied, anonymizedAt: now.toISOString() };
}
