import Type from 'typebox';
import { Value } from 'typebox/value';
import type { AdPlatform } from '../core/attribution/ad-platform.ts';
import { markConversionKept, readConversions } from '../core/attribution/conversion-store.ts';
import { deleteSomeOfConversion } from '../core/attribution/deletion-store.ts';
import { countConversionKind } from '../core/attribution/manage-conversions.ts';
import { beginPeriod } from '../core/attribution/period-store.ts';
import type { Clock } from '../core/clock.ts';
import { changeConfiguration } from '../core/workspace/change-configuration.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { countNextAnew, firstCountPlace } from '../projections/attribution/count-anew.ts';
import type { Database } from '../store/database.ts';
import { inTransaction } from '../store/transaction.ts';
import type { JobKind } from './job-kind.ts';

const Cursor = Type.Object({
  part: Type.Union([Type.Literal('events'), Type.Literal('paths')]),
  after: Type.Union([Type.Object({ at: Type.Number(), id: Type.String() }), Type.Null()]),
});

const rowsPerSlice = 5_000;

/** Makes the sums of a conversion, the job's subject, from the events that there are; of one that is kept no more it takes away all rows. */
export function countConversionJob(services: {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly adPlatforms: readonly AdPlatform[];
  readonly clock: Clock;
}): JobKind {
  const { database, workspaces, clock } = services;
  return {
    name: countConversionKind,
    under: 'claim',
    async slice({ workspaceId, job }) {
      const { done } = job.progress;
      const known = await readConversions(database, workspaceId);
      const conversion = known.find(({ id }) => id === job.subject);
      if (!conversion) {
        const deleted = await inTransaction(database, (tx) =>
          deleteSomeOfConversion(tx, workspaceId, job.subject, rowsPerSlice),
        );
        const progress = { done: done + deleted, failed: 0, total: null };
        return deleted > 0
          ? { cursor: null, progress }
          : { cursor: null, progress, result: { deleted: progress.done } };
      }
      const place = job.cursor ? Value.Parse(Cursor, job.cursor) : firstCountPlace;
      const { counted, next } = await countNextAnew(services, workspaceId, conversion, place);
      const progress = { done: done + (place.part === 'events' ? counted : 0), failed: 0, total: null };
      if (next) return { cursor: { ...next }, progress };
      const now = new Date(clock());
      await changeConfiguration(services, workspaceId, now, async ({ tx, head }) => {
        // With other settings by now it is counted again: the job that was asked for with them is this one, from its start.
        const [present] = (await readConversions(tx, workspaceId)).filter(({ id }) => id === conversion.id);
        if (JSON.stringify(present?.settings) !== JSON.stringify(conversion.settings)) return;
        if (!(await markConversionKept(tx, workspaceId, conversion.id))) return;
        const { timezone, currency } = await workspaces.reload(workspaceId, tx);
        const { number, settings } = conversion;
        await beginPeriod(tx, workspaceId, head.seq, { conversion: number, settings, timezone, currency });
      });
      return {
        cursor: null,
        progress: { ...progress, total: progress.done },
        result: { counted: progress.done },
      };
    },
  };
}
