import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from '../../app/routes.ts';

export const spans = ['day', 'week', 'month'] as const;
export type Span = (typeof spans)[number];

export interface AccountingSearch {
  /** Up to now; a day unless said. */
  readonly span?: Span;
  /** The hour that one has come for, as the API has it, and of which API. */
  readonly hour?: string;
  readonly api?: string;
}

export const accountingRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/accounting',
  validateSearch: ({ span, hour, api }: Record<string, unknown>): AccountingSearch => {
    const known = spans.find((one) => one === span);
    return {
      ...(known === undefined ? {} : { span: known }),
      ...(typeof hour === 'string' && Number.isFinite(Date.parse(hour)) ? { hour } : {}),
      ...(typeof api === 'string' ? { api } : {}),
    };
  },
  component: lazyRouteComponent(() => import('./page.tsx'), 'Accounting'),
});
