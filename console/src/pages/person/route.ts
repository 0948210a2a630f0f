import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

/** A person, by the id of any of its profiles: merges and their undoing don't break an address. */
export const personRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/people/$person',
  component: lazyRouteComponent(() => import('./page.tsx'), 'Person'),
});
