import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.ts';
import { workspaceQuery } from '../api/workspaces.ts';
import { Shell } from './shell.tsx';

/** The root of all addresses. */
export const consoleRoute = createRootRouteWithContext<{ readonly queryClient: QueryClient }>()({
  component: Outlet,
});

/** Everything of a workspace stands below it: who is not signed in is asked for a key first. */
export const workspaceRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/$workspace',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
  loader: ({ context, params }) => context.queryClient.ensureQueryData(workspaceQuery(params.workspace)),
  component: Shell,
});
