import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.ts';
import { workspacesQuery } from '../api/workspaces.ts';
import { NoWorkspace } from './route-states.tsx';
import { consoleRoute, workspaceRoute } from './routes.ts';

/** `/console`: the workspace that was looked at last, else the first that the key opens. */
export const indexRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/',
  beforeLoad: async ({ context: { queryClient } }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/sign-in' });
    const workspaces = await queryClient.ensureQueryData(workspacesQuery);
    const last = localStorage.getItem('throughline-workspace');
    const workspace = workspaces.find(({ slug }) => slug === last) ?? workspaces[0];
    if (workspace) throw redirect({ to: '/$workspace/overview', params: { workspace: workspace.slug } });
  },
  component: NoWorkspace,
});

/** `/console/demo`: its overview. */
export const workspaceIndexRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$workspace/overview', params });
  },
});

export interface SignInSearch {
  /** Where to go afterwards, an address of the console. */
  readonly next?: string;
  /** It is shown since a session has ended. */
  readonly ended?: boolean;
}

export const signInRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    // One path of ours and no other site's: `//evil.example` is an address, too.
    ...(typeof search.next === 'string' && /^\/(?![/\\])/.test(search.next) ? { next: search.next } : {}),
    ...(search.ended === true ? { ended: true } : {}),
  }),
  component: lazyRouteComponent(() => import('./sign-in.tsx'), 'SignIn'),
});
