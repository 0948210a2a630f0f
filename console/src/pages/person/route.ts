import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

export const sides = ['timeline', 'figures', 'profiles', 'consents', 'why'] as const;
export type Side = (typeof sides)[number];

export interface PersonSearch {
  /** Which side of the person is looked at; the timeline, if none is named. */
  readonly side?: Side;
  /** Of the timeline. */
  readonly api?: string;
  readonly type?: string;
}

/** A person, by the id of any of its profiles: merges and their undoing don't break an address. */
export const personRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/people/$person',
  validateSearch: ({ side, api, type }: Record<string, unknown>): PersonSearch => ({
    ...(isSide(side) && side !== 'timeline' ? { side } : {}),
    ...(isText(api) ? { api: String(api) } : {}),
    ...(isText(type) ? { type: String(type) } : {}),
  }),
  component: lazyRouteComponent(() => import('./page.tsx'), 'Person'),
});

function isSide(value: unknown): value is Side {
  return sides.some((side) => side === value);
}

/** What was written into the address by hand may be read as a number. */
function isText(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
