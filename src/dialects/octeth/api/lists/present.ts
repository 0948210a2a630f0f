import type { Source } from '../../../../core/source/source.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { readListSettings } from '../../settings.ts';
import { trackerIdsOf, trackerSnippet } from '../../tracker/tracker-script.ts';
import { formatLocalTime } from '../local-time.ts';
import { descriptionOf } from './list.ts';

/** docs/spec/octeth.md A3 (List.Get). */
export function presentList(
  workspace: Workspace,
  list: Source,
  origin: string,
  properties: readonly string[],
  lastEventAt: Date | undefined,
) {
  const ids = trackerIdsOf(workspace, list);
  const timeOf = (at: Date | null | undefined) => (at ? formatLocalTime(at, workspace.timezone) : null);
  return {
    ListID: Number(list.externalId),
    Name: list.name,
    Description: descriptionOf(list),
    RelOwnerUserID: workspace.id,
    OptInMode: readListSettings(list.settings).optInMode ?? 'Single',
    CreatedOn: timeOf(list.createdAt),
    ArchivedAt: timeOf(list.archivedAt),
    Options: null,
    EventListTrackerID: ids.list,
    EventUserTrackerID: ids.user,
    EventTrackerVariables: {},
    EventTrackerJS: trackerSnippet(origin, ids),
    EventTrackerProperties: properties,
    LastEventTrackedAt: timeOf(lastEventAt),
  };
}
