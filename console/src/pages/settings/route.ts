import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

/** Around all sections. Each has an address and files of its own. */
export const settingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./page.tsx'), 'Settings'),
});

const indexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$workspace/settings/workspace', params });
  },
});

export const workspaceSectionRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/workspace',
  component: lazyRouteComponent(() => import('./workspace/section.tsx'), 'WorkspaceSection'),
});

export interface TypesSearch {
  /** The id of the type that is open; `new`: one that is being declared. */
  readonly type?: string;
  /** The storage key of a field of it, which is marked. */
  readonly field?: string;
}

export const typesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/types',
  validateSearch: ({ type, field }: Record<string, unknown>): TypesSearch => ({
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof field === 'string' || typeof field === 'number' ? { field: String(field) } : {}),
  }),
  component: lazyRouteComponent(() => import('./types/section.tsx'), 'TypesSection'),
});

export const jobsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/jobs',
  component: lazyRouteComponent(() => import('./jobs/section.tsx'), 'JobsSection'),
});

export const settingsRoutes = settingsRoute.addChildren([
  indexRoute,
  workspaceSectionRoute,
  typesRoute,
  jobsRoute,
]);
