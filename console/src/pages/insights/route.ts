import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

export const shapes = ['line', 'bar', 'table'] as const;
export type Shape = (typeof shapes)[number];

export const intervals = ['hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof intervals)[number];

export const groupings = ['type', 'api', 'source', 'campaign', 'context'] as const;
export type Grouping = (typeof groupings)[number];

/** What is asked, how it is shown, and what is open; what is left out is as `asked.ts` has it. */
export interface InsightsSearch {
  /** As the API writes them, with commas between them. */
  readonly metrics?: string;
  /** So many up to today; else `since`, and `until`, the day behind the last. */
  readonly days?: number;
  readonly since?: string;
  readonly until?: string;
  readonly interval?: Interval;
  readonly by?: Grouping;
  readonly compare?: boolean;
  readonly shape?: Shape;
  /** The id of the saved view that was opened. */
  readonly view?: string;
  /** The metric of the point that is explained, the label of its interval (none: all) and its group. */
  readonly explain?: string;
  readonly at?: string;
  readonly group?: string;
}

export const insightsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/insights',
  validateSearch: (search: Record<string, unknown>): InsightsSearch => {
    const { days } = search;
    return {
      ...text(search, 'metrics'),
      ...(Number.isInteger(days) && Number(days) >= 1 && Number(days) <= 3660 ? { days: Number(days) } : {}),
      ...text(search, 'since'),
      ...text(search, 'until'),
      ...oneOf(search, 'interval', intervals),
      ...oneOf(search, 'by', groupings),
      ...(search.compare === true ? { compare: true } : {}),
      ...oneOf(search, 'shape', shapes),
      ...text(search, 'view'),
      ...text(search, 'explain'),
      ...text(search, 'at'),
      ...text(search, 'group'),
    };
  },
  component: lazyRouteComponent(() => import('./page.tsx'), 'Insights'),
});

/** Numbers that were written into the address by hand are texts as well. */
function text<Name extends string>(search: Record<string, unknown>, name: Name): { [key in Name]?: string } {
  const value = search[name];
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return {};
  return { [name]: String(value) } as { [key in Name]?: string };
}

function oneOf<Name extends string, Value extends string>(
  search: Record<string, unknown>,
  name: Name,
  values: readonly Value[],
): { [key in Name]?: Value } {
  const value = values.find((one) => one === search[name]);
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]?: Value });
}
