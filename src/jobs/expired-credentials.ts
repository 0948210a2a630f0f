import { deleteCredentials, findExpiredCredentials } from '../core/credential/credential-store.ts';
import type { Queryable } from '../store/queryable.ts';

/** Whoever still shows an expired token is told the same without its row; a day is for who looks into what happened. */
const keptMilliseconds = 24 * 60 * 60 * 1000;
const sliceSize = 500;
/** A round's most: 20,000. A round every ten minutes keeps up with 33 tokens a second. */
const maximumSlices = 40;

/** Deletes what expired more than a day before `now` (ms), in slices that lock little. What is left over is the next round's. */
export async function deleteExpiredCredentials(connection: Queryable, now: number): Promise<void> {
  const before = new Date(now - keptMilliseconds);
  for (let slice = 0; slice < maximumSlices; slice++) {
    const ids = await findExpiredCredentials(connection, before, sliceSize);
    if (ids.length > 0) await deleteCredentials(connection, ids);
    if (ids.length < sliceSize) return;
  }
}
