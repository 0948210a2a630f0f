import { requestRebuild } from '../../../core/job/rebuild-request.ts';
import type { SettingsFollower } from '../../../core/workspace/manage-workspaces.ts';
import { RequestError } from '../../../errors.ts';
import { remakeShown } from '../aggregate/remake-shown.ts';
import { findNeeded } from '../node/needed-properties.ts';
import { followUpdatePolicy } from '../product/fill-products.ts';
import { eventsIndexed } from '../projection/event-values/event-values.ts';
import { marksOtherwise } from '../projection/event-values/indexed-events.ts';
import { showsOtherwise } from '../rules/hidden-properties.ts';
import { readHubSettings } from '../settings.ts';

/**
 * By what customers are searched, and what those of aggregates are made of, follows from what they show; by what is found what they did, from
 * which properties of events are marked; and what the registry of products knows, from which events update it.
 * @throws RequestError `invalid-request` where a node needs a property that would be disabled
 */
export const followSettings: Required<SettingsFollower>['followSettings'] = async (
  tx,
  before,
  settings,
  now,
) => {
  const needed = findNeeded(before, readHubSettings(settings).disabledBaseProperties ?? []);
  if (needed)
    throw new RequestError('invalid-request', `${needed.name} can not be disabled: ${needed.reason}.`, {
      path: 'body/dialects/contacthub/disabledBaseProperties',
    });
  if (showsOtherwise(before, settings)) await remakeShown(tx, before, now);
  if (marksOtherwise(before, settings)) await requestRebuild(tx, before.id, eventsIndexed, now);
  await followUpdatePolicy(tx, before, settings, now);
};
