import type { Source } from '../../../../core/source/source.ts';
import { defaultNode, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { Services } from '../../../dialect.ts';
import { type ListEvent, readNewestOfList, sumMetricOfList } from '../../query/read-activity.ts';
import { readSubscriber, type Subscriber } from '../../query/read-subscriber.ts';
import { isObject } from '../fields.ts';

/** A subscriber as a list sees it. */
export interface ShownSubscriber {
  readonly subscriber: Subscriber;
  readonly membership: Readonly<Record<string, unknown>>;
  /** Newest first, of this list; null where they were not asked for. */
  readonly events: readonly ListEvent[] | null;
  readonly activity: readonly ListEvent[] | null;
  /** What its conversions in this list come to, in the workspace's currency. */
  readonly revenue: number | null;
}

export interface Included {
  readonly events: boolean;
  readonly activity: boolean;
  readonly revenue: boolean;
}

/** Undefined where there is no such subscriber, or it is not on the list. */
export async function readShownSubscriber(
  { database }: Services,
  workspace: Workspace,
  list: Source,
  by: { readonly profileId: string } | { readonly number: number },
  included: Included,
): Promise<ShownSubscriber | undefined> {
  const nodeId = defaultNode(workspace, 'octeth').id;
  const subscriber = await readSubscriber(database, workspace.id, nodeId, by);
  const membership = subscriber?.values[`lists.${list.externalId}`];
  if (!subscriber || !isObject(membership)) return undefined;
  const { profileIds } = subscriber;
  const [events, revenue] = await Promise.all([
    included.events || included.activity ? readNewestOfList(database, workspace.id, profileIds, list.id) : [],
    included.revenue
      ? sumMetricOfList(database, workspace.id, profileIds, list.id, 'conversion-value')
      : null,
  ]);
  return {
    subscriber,
    membership,
    events: included.events ? events : null,
    activity: included.activity ? events : null,
    revenue,
  };
}
