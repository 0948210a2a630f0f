import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

export interface QuarantineSearch {
  readonly api?: string;
  readonly rule?: string;
  /** With an API and a rule: the group that is open; empty: of those of which no type is known. */
  readonly type?: string;
  /** The id of the bad event whose panel is open. */
  readonly event?: string;
}

export const quarantineRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/quarantine',
  validateSearch: ({ api, rule, type, event }: Record<string, unknown>): QuarantineSearch => ({
    ...(isText(api) ? { api: String(api) } : {}),
    ...(isText(rule) ? { rule: String(rule) } : {}),
    ...(isText(type) ? { type: String(type) } : {}),
    ...(isText(event) ? { event: String(event) } : {}),
  }),
  component: lazyRouteComponent(() => import('./page.tsx'), 'Quarantine'),
});

/** Numbers that were written into the address by hand are texts as well. */
function isText(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
