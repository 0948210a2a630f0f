import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

export const spans = ['day', 'week', 'month'] as const;
export type Span = (typeof spans)[number];

export interface AccountingSearch {
  /** Up to now; a day unless said. */
  readonly span?: Span;
}

export const accountingRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/accounting',
  validateSearch: ({ span }: Record<string, unknown>): AccountingSearch => {
    const known = spans.find((one) => one === span);
    return known === undefined ? {} : { span: known };
  },
  component: lazyRouteComponent(() => import('./page.tsx'), 'Accounting'),
});
