import type { Projection } from '../../../projections/projection.ts';
import { checkActivity } from './check-activity.ts';
import { followActivity } from './count-activity.ts';
import { rebuildActivity } from './rebuild-activity.ts';

/** Its name, and so the subject of the job that makes it anew alone. */
export const activityDays = 'activityDays';

/** How many events came in and were changed by day, and visits. Batches keep it up (`activityInBatch`), and so do changes of events. */
export const activity: Projection = {
  counts: activityDays,
  isOfLocalDays: true,
  rebuild: rebuildActivity,
  verify: checkActivity,
  followEvents: followActivity,
};
