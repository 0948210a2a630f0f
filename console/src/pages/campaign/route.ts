import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';
import { askedIn } from '../../components/attribution/asked.ts';

/** A campaign, by the key that reports have of it: an id, or one of an advertising platform. */
export const campaignRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/campaigns/$campaign',
  validateSearch: askedIn,
  component: lazyRouteComponent(() => import('./page.tsx'), 'Campaign'),
});
