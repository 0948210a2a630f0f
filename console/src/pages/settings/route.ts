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

export const apisRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/apis',
  component: lazyRouteComponent(() => import('./apis/section.tsx'), 'ApisSection'),
});

export const sourcesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/sources',
  component: lazyRouteComponent(() => import('./sources/section.tsx'), 'SourcesSection'),
});

export const nodesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/nodes',
  component: lazyRouteComponent(() => import('./nodes/section.tsx'), 'NodesSection'),
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

export interface KeysSearch {
  /** Those above workspaces, for an administrator. */
  readonly of?: 'installation';
}

export const keysRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/keys',
  validateSearch: ({ of }: Record<string, unknown>): KeysSearch =>
    of === 'installation' ? { of: 'installation' } : {},
  component: lazyRouteComponent(() => import('./keys/section.tsx'), 'KeysSection'),
});

export interface ExchangeRatesSearch {
  /** Whose days are shown. */
  readonly currency?: string;
}

export const exchangeRatesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/exchange-rates',
  validateSearch: ({ currency }: Record<string, unknown>): ExchangeRatesSearch =>
    typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? { currency } : {},
  component: lazyRouteComponent(() => import('./exchange-rates/section.tsx'), 'ExchangeRatesSection'),
});

export const retentionRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/retention',
  component: lazyRouteComponent(() => import('./retention/section.tsx'), 'RetentionSection'),
});

export const limitsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/limits',
  component: lazyRouteComponent(() => import('./limits/section.tsx'), 'LimitsSection'),
});

export const trackerRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/tracker',
  component: lazyRouteComponent(() => import('./tracker/section.tsx'), 'TrackerSection'),
});

export const jobsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/jobs',
  component: lazyRouteComponent(() => import('./jobs/section.tsx'), 'JobsSection'),
});

export const workspacesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/workspaces',
  component: lazyRouteComponent(() => import('./workspaces/section.tsx'), 'WorkspacesSection'),
});

export const settingsRoutes = settingsRoute.addChildren([
  indexRoute,
  workspaceSectionRoute,
  apisRoute,
  sourcesRoute,
  nodesRoute,
  typesRoute,
  keysRoute,
  exchangeRatesRoute,
  retentionRoute,
  limitsRoute,
  trackerRoute,
  jobsRoute,
  workspacesRoute,
]);
