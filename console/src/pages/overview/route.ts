import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

export const overviewRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/overview',
  component: lazyRouteComponent(() => import('./page.tsx'), 'Overview'),
});
