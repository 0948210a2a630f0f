import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

export interface PeopleSearch {
  /** A whole address, number or id of who is looked for. */
  readonly find?: string;
}

export const peopleRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/people',
  validateSearch: ({ find }: Record<string, unknown>): PeopleSearch =>
    typeof find === 'string' || typeof find === 'number' ? { find: String(find) } : {},
  component: lazyRouteComponent(() => import('./page.tsx'), 'People'),
});
