import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';
import { type AskedSearch, askedIn, type Grouping, groupings } from '../../components/attribution/asked.ts';

export const sides = ['paths', 'conversions', 'rules'] as const;
export type Side = (typeof sides)[number];

export interface CampaignsSearch extends AskedSearch {
  /** Which side is shown; what each campaign brought unless said. */
  readonly side?: Side;
  /** By campaign unless said. */
  readonly by?: Grouping;
  /** The column that the table is sorted by, with a minus before it in descending order. */
  readonly sort?: string;
  /** Campaigns are shown that brought nothing, too. */
  readonly idle?: true;
  /** So many paths are shown; 20 unless said. */
  readonly paths?: number;
  /** Of the newest conversions those alone of which this group has credit; empty: what is of none. */
  readonly group?: string;
  /** Of the newest conversions those alone before which no touch counts. */
  readonly unattributed?: true;
  /** The id of the conversion's event that is explained. */
  readonly event?: string;
}

/** Reads an address: what is none of these is not there. */
export function campaignsIn(search: Record<string, unknown>): CampaignsSearch {
  const { side, by, sort, idle, paths, group, unattributed, event } = search;
  const shown = sides.find((one) => one === side);
  const grouping = groupings.find(({ value }) => value === by)?.value;
  return {
    ...askedIn(search),
    ...(shown !== undefined && { side: shown }),
    ...(grouping !== undefined && grouping !== 'campaign' && { by: grouping }),
    ...(typeof sort === 'string' && /^-?[a-z]{1,20}$/.test(sort) && { sort }),
    ...(idle === true && { idle }),
    ...((paths === 50 || paths === 200) && { paths }),
    // Ids of campaigns may be numbers that the address's reader takes for such.
    ...((typeof group === 'string' || typeof group === 'number') && { group: String(group) }),
    ...(unattributed === true && group === undefined && { unattributed }),
    ...(typeof event === 'string' && event !== '' && { event }),
  };
}

export const campaignsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/campaigns',
  validateSearch: campaignsIn,
  component: lazyRouteComponent(() => import('./page.tsx'), 'Campaigns'),
});
