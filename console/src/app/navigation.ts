import type { LinkProps } from '@tanstack/react-router';
import type { IconName } from '../components/icons.tsx';

export interface Destination {
  readonly title: string;
  readonly icon: IconName;
  readonly to: Extract<LinkProps['to'], `/$workspace/${string}`>;
}

/** The pages, in the order in which they are listed; the palette finds them too. */
export const destinations: readonly Destination[] = [
  { title: 'Overview', icon: 'overview', to: '/$workspace/overview' },
  { title: 'Live', icon: 'live', to: '/$workspace/live' },
  { title: 'People', icon: 'people', to: '/$workspace/people' },
  { title: 'Insights', icon: 'insights', to: '/$workspace/insights' },
  { title: 'Campaigns', icon: 'campaigns', to: '/$workspace/campaigns' },
  { title: 'Quarantine', icon: 'quarantine', to: '/$workspace/quarantine' },
  { title: 'Accounting', icon: 'accounting', to: '/$workspace/accounting' },
  { title: 'Settings', icon: 'settings', to: '/$workspace/settings' },
];
