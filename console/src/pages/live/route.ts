import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

export interface LiveSearch {
  readonly api?: string;
  readonly type?: string;
  /** A person's id. */
  readonly person?: string;
  /** The id of the event whose panel is open. */
  readonly event?: string;
}

export const liveRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/live',
  validateSearch: (search: Record<string, unknown>): LiveSearch => ({
    ...text(search, 'api'),
    ...text(search, 'type'),
    ...text(search, 'person'),
    ...text(search, 'event'),
  }),
  component: lazyRouteComponent(() => import('./page.tsx'), 'Live'),
});

/** Numbers that were written into the address by hand are texts as well. */
function text<Name extends string>(search: Record<string, unknown>, name: Name): { [key in Name]?: string } {
  const value = search[name];
  if (typeof value !== 'string' && typeof value !== 'number') return {};
  return { [name]: String(value) } as { [key in Name]?: string };
}
