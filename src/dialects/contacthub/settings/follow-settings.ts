import { requestRebuild } from '../../../core/job/rebuild-request.ts';
import type { SettingsFollower } from '../../../core/workspace/manage-workspaces.ts';
import { customersIndexed } from '../projection/customer-index.ts';
import { showsOtherwise } from '../rules/extended-properties.ts';

/** By what customers are searched follows from what they show. */
export const followSettings: Required<SettingsFollower>['followSettings'] = async (
  tx,
  before,
  settings,
  now,
) => {
  if (showsOtherwise(before, settings)) await requestRebuild(tx, before.id, customersIndexed, now);
};
