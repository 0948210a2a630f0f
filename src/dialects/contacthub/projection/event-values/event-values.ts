import type { FollowEvents } from '../../../../core/event/event-move.ts';
import type {
  Batch,
  BatchProjection,
  InBatchProjection,
  Projection,
  TakenEvent,
} from '../../../../projections/projection.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { deleteEventValues, insertEventValues } from './event-value-store.ts';
import { indexedOfEvents, isIndexedType } from './indexed-events.ts';
import { checkEventValues, rebuildEventValues } from './rebuild-event-values.ts';

/** Its name, and so the subject of the job that makes it anew alone. */
export const eventsIndexed = 'eventsIndexed';

const followEvents: FollowEvents = async (tx, workspace, moves) => {
  if (indexedOfEvents(workspace).length === 0) return;
  const touched = moves.flatMap(({ before, after }) => after ?? before ?? []);
  await deleteEventValues(tx, workspace.id, touched);
  const ids = moves.flatMap(({ after }) => after?.id ?? []);
  if (ids.length > 0) await insertEventValues(tx, workspace, ids);
};

/** The values of events by which is found what customers did; a workspace that marks no property of events does nothing for it. */
export const eventValues: Projection = {
  counts: eventsIndexed,
  rebuild: rebuildEventValues,
  verify: checkEventValues,
  followEvents,
};

/** The same in the transaction of the batch that stores the events: one statement. */
export const eventValuesInBatch: InBatchProjection = {
  name: 'eventValues',
  isApart: true,
  begin: (batch) => new ValuesOfBatch(batch),
};

class ValuesOfBatch implements BatchProjection {
  readonly #batch: Batch;
  readonly #ids: string[] = [];

  constructor(batch: Batch) {
    this.#batch = batch;
  }

  took({ type, eventId }: TakenEvent): void {
    if (isIndexedType(this.#batch.workspace, type)) this.#ids.push(eventId);
  }

  write(): Promise<unknown>[] {
    return [];
  }

  async settle(tx: Queryable): Promise<void> {
    if (this.#ids.length > 0) await insertEventValues(tx, this.#batch.workspace, this.#ids);
  }

  remember(): void {
    // Nothing is noted of them.
  }
}
