import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { dialectsQuery } from '../../api/dialects.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Select } from '../../components/field.tsx';
import { countOf, formatCount } from '../../components/number.ts';
import { PageHead } from '../../components/page-head.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Time, ZoneNote } from '../../components/time.tsx';
import { type Groups as Found, type Group, groupsQuery, scopeOf } from './queries.ts';
import { ReplayButtons } from './replay-buttons.tsx';
import { Replays } from './replays.tsx';
import { quarantineRoute } from './route.ts';

/** What waits, by what is wrong with which events of which API. */
export function Groups() {
  const { api, rule } = quarantineRoute.useSearch();
  const scope = scopeOf({ api, rule });
  const groups = useQuery(groupsQuery(useWorkspaceName(), scope));
  const events = groups.data?.allEvents ?? 0;
  return (
    <>
      <PageHead
        title="Quarantine"
        note={
          <>
            Events that broke a rule, kept whole until they are mended · <ZoneNote />
          </>
        }
        actions={events > 0 ? <ReplayButtons scope={scope} events={events} words="all" /> : null}
      />
      <div className="stack">
        <Replays />
        <Filters />
        <Loaded query={groups}>
          {(found) => <GroupTable found={found} isFiltered={Boolean(api ?? rule)} />}
        </Loaded>
      </div>
    </>
  );
}

const all = { value: '', title: 'All' };

function Filters() {
  const workspace = useWorkspaceName();
  const { api, rule } = quarantineRoute.useSearch();
  const navigate = quarantineRoute.useNavigate();
  const { data: dialects = [] } = useQuery(dialectsQuery(workspace));
  const { data } = useQuery(groupsQuery(workspace, scopeOf({ api })));
  const set = (name: 'api' | 'rule', value: string) =>
    void navigate({
      search: ({ [name]: _former, ...rest }) => (value === '' ? rest : { ...rest, [name]: value }),
      replace: true,
    });
  const rules = new Map(data?.groups.map((group) => [group.rule, group.message]));
  if (rule !== undefined && !rules.has(rule)) rules.set(rule, rule);
  return (
    <div className="quarantine-filters">
      <Select
        label="API"
        value={api ?? ''}
        options={[all, ...dialects.map(({ name, title }) => ({ value: name, title }))]}
        onPick={(value) => set('api', value)}
      />
      <Select
        label="What is wrong"
        value={rule ?? ''}
        options={[all, ...[...rules].map(([value, title]) => ({ value, title }))]}
        onPick={(value) => set('rule', value)}
      />
    </div>
  );
}

function GroupTable({ found, isFiltered }: { readonly found: Found; readonly isFiltered: boolean }) {
  const columns = useColumns();
  if (found.groups.length === 0)
    return isFiltered ? (
      <Empty title="Nothing of this waits">Take a filter away to see what does.</Empty>
    ) : (
      <Empty title="Nothing waits">
        Every event that came in fits its rules, or was dropped for a reason that Accounting tells. One that
        breaks a rule is kept here, whole, until it is mended and replayed.
      </Empty>
    );
  const { allGroups, allEvents, groups } = found;
  return (
    <DataTable
      caption="What waits in quarantine, the most first"
      columns={columns}
      rows={groups}
      rowKey={({ dialect, rule, type }) => `${dialect} ${rule} ${type ?? ''}`}
      foot={
        <p className="table-foot soft small">
          {countOf(allEvents, 'event')} in {countOf(allGroups, 'group')}
          {groups.length < allGroups ? `, of which the largest ${formatCount(groups.length)} are shown` : ''}
        </p>
      }
    />
  );
}

function useColumns(): readonly Column<Group>[] {
  return useMemo(
    () => [
      {
        id: 'wrong',
        head: 'What is wrong',
        cell: ({ dialect, rule, type, message }) => (
          <Link
            from="/$workspace/quarantine"
            to="/$workspace/quarantine"
            search={{ api: dialect, rule, type: type ?? '' }}
            className="foreign row-link"
          >
            {message}
          </Link>
        ),
        sortBy: ({ message }) => message,
      },
      {
        id: 'api',
        head: 'API',
        cell: ({ dialect }) => <DialectTag name={dialect} />,
        sortBy: ({ dialect }) => dialect,
      },
      {
        id: 'type',
        head: 'Event type',
        cell: ({ type }) =>
          type === null ? <span className="soft">none known</span> : <TypeName type={type} />,
        sortBy: ({ type }) => type ?? '',
      },
      {
        id: 'events',
        head: 'Events',
        cell: ({ events }) => formatCount(events),
        sortBy: ({ events }) => events,
        isNumber: true,
      },
      {
        id: 'first',
        head: 'First',
        cell: ({ firstAt }) => <Time at={firstAt} form="short" />,
        sortBy: ({ firstAt }) => firstAt,
      },
      {
        id: 'last',
        head: 'Last',
        cell: ({ lastAt }) => <Time at={lastAt} form="short" />,
        sortBy: ({ lastAt }) => lastAt,
      },
    ],
    [],
  );
}

export function TypeName({ type }: { readonly type: string }) {
  return <span className="foreign type-name">{type}</span>;
}
