import { queryOptions, useQueries } from '@tanstack/react-query';
import type { NavigateOptions } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { api, take } from '../api/client.ts';
import { foundPeopleQuery } from '../api/people.ts';
import type { IconName } from '../components/icons.tsx';
import { destinations } from './navigation.ts';
import { settingsSections } from './settings-sections.ts';

export interface Find {
  readonly kind: 'Page' | 'Event' | 'Person' | 'Campaign';
  /** One of its kind. */
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  readonly link: NavigateOptions;
}

/** At most so many of a kind: who wants another writes more. */
const most = 8;

/** What is found by a text: pages, types of events and campaigns by a part of their names, people by a whole key or by name. */
export function useFinds(workspace: string, text: string): { finds: readonly Find[]; isLooking: boolean } {
  const wanted = useDeferredValue(text.trim());
  const [types, campaigns, people] = useQueries({
    queries: [typesQuery(workspace), campaignsQuery(workspace, wanted), peopleQuery(workspace, wanted)],
  });
  const matches = ({ title }: Find) => title.toLowerCase().includes(wanted.toLowerCase());
  const some = (finds: readonly Find[] = []) => finds.filter(matches).slice(0, most);
  const pages = destinations.map(
    ({ title, icon, to }): Find => ({
      kind: 'Page',
      id: to,
      title,
      icon,
      link: { to, params: { workspace } },
    }),
  );
  const sections = settingsSections.map(
    ({ title, to }): Find => ({
      kind: 'Page',
      id: to,
      title: `Settings: ${title}`,
      icon: 'settings',
      link: { to, params: { workspace } },
    }),
  );
  const finds =
    wanted === ''
      ? pages
      : [
          ...some(pages),
          ...some(sections),
          ...(people.data ?? []),
          ...some(types.data),
          ...(campaigns.data ?? []),
        ];
  return { finds, isLooking: types.isLoading || campaigns.isLoading || people.isLoading };
}

function typesQuery(workspace: string) {
  return queryOptions({
    queryKey: ['event-types', workspace, 'finds'],
    queryFn: async (): Promise<Find[]> => {
      const { eventTypes } = await take(
        api.GET('/workspaces/{workspace}/event-types', { params: { path: { workspace } } }),
      );
      return eventTypes.map(({ id, name }) => ({
        kind: 'Event',
        id,
        title: name,
        icon: 'live',
        link: { to: '/$workspace/live', params: { workspace }, search: { type: name } },
      }));
    },
    staleTime: 60_000,
  });
}

function campaignsQuery(workspace: string, search: string) {
  return queryOptions({
    queryKey: ['campaigns', workspace, 'finds', search],
    enabled: search !== '',
    queryFn: async (): Promise<Find[]> => {
      const { campaigns } = await take(
        api.GET('/workspaces/{workspace}/attribution/campaigns', {
          params: { path: { workspace }, query: { search: search.slice(0, 200), limit: most } },
        }),
      );
      return campaigns.map(({ key, label, name }) => ({
        kind: 'Campaign',
        id: key,
        title: name ?? label ?? key,
        icon: 'campaigns',
        link: { to: '/$workspace/campaigns/$campaign', params: { workspace, campaign: key } },
      }));
    },
    staleTime: 60_000,
  });
}

function peopleQuery(workspace: string, text: string) {
  return queryOptions({
    ...foundPeopleQuery(workspace, text, most),
    enabled: text.length >= 2,
    select: (people): Find[] =>
      people.map(({ id, title, name, key }) => ({
        kind: 'Person',
        id,
        title: name === null || key === null ? title : `${title} · ${key.value}`,
        icon: 'people',
        link: { to: '/$workspace/people/$person', params: { workspace, person: id } },
      })),
  });
}
