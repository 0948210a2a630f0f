import type { ErasureStage } from '../../../core/erasure/erasure.ts';
import {
  countValuesOfProfiles,
  deleteValuesOfProfiles,
} from '../projection/event-values/event-value-store.ts';

const rowsPerSlice = 1000;

/** By what was found what a person did. */
export const eventValuesStage: ErasureStage = {
  counts: 'eventValues',
  empties: ['event_value.text'],
  work: async ({ connection, change, workspace, profileIds }) => {
    if (!change)
      return { total: await countValuesOfProfiles(connection, workspace.id, profileIds), done: true };
    const total = await deleteValuesOfProfiles(connection, workspace.id, profileIds, rowsPerSlice);
    return { total, done: total < rowsPerSlice };
  },
};
