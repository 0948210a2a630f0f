import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { indexRoute, signInRoute, workspaceIndexRoute } from './app/entry-routes.ts';
import { NotFound, RouteFailure } from './app/route-states.tsx';
import { consoleRoute, workspaceRoute } from './app/routes.ts';
import { Loading } from './components/states.tsx';
import { accountingRoute } from './pages/accounting/route.ts';
import { campaignRoute } from './pages/campaign/route.ts';
import { campaignsRoute } from './pages/campaigns/route.ts';
import { insightsRoute } from './pages/insights/route.ts';
import { liveRoute } from './pages/live/route.ts';
import { overviewRoute } from './pages/overview/route.ts';
import { peopleRoute } from './pages/people/route.ts';
import { personRoute } from './pages/person/route.ts';
import { quarantineRoute } from './pages/quarantine/route.ts';
import { settingsRoutes } from './pages/settings/route.ts';

/** Every address of the console. A page brings its own route; it is named here, and in app/navigation.ts. */
const routeTree = consoleRoute.addChildren([
  indexRoute,
  signInRoute,
  workspaceRoute.addChildren([
    workspaceIndexRoute,
    overviewRoute,
    liveRoute,
    peopleRoute,
    personRoute,
    insightsRoute,
    campaignsRoute,
    campaignRoute,
    quarantineRoute,
    accountingRoute,
    settingsRoutes,
  ]),
]);

export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    basepath: '/console',
    context: { queryClient },
    // What no route knows of is none of its search: an address may come from anywhere.
    search: { strict: true },
    defaultPreload: 'intent',
    // Kept by the queries, which know how fresh it is.
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: Loading,
    defaultErrorComponent: RouteFailure,
    defaultNotFoundComponent: NotFound,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
