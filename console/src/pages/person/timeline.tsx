import { useQuery } from '@tanstack/react-query';
import { dialectsQuery } from '../../api/dialects.ts';
import type { Person } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Select } from '../../components/field.tsx';
import { summaryQuery } from './queries.ts';
import { type PersonSearch, personRoute } from './route.ts';
import { TimelineRows } from './timeline-rows.tsx';

/** What happened to a person over all APIs, the newest first. */
export function Timeline({ person }: { readonly person: Person }) {
  const { api, type } = personRoute.useSearch();
  return (
    <div className="timeline">
      <Filters person={person} />
      <TimelineRows key={`${person.id}\n${api}\n${type}`} personId={person.id} filter={{ api, type }} />
    </div>
  );
}

const all = { value: '', title: 'All' };

/** Of which API and type; it stands in the address. Of the types there are those that the person has events of. */
function Filters({ person }: { readonly person: Person }) {
  const workspace = useWorkspaceName();
  const { api, type } = personRoute.useSearch();
  const navigate = personRoute.useNavigate();
  const { data: dialects = [] } = useQuery(dialectsQuery(workspace));
  const { data: summary } = useQuery(summaryQuery(workspace, person.id));
  const types = summary?.types ?? [];
  const names = new Set(types.filter(({ dialect }) => !api || dialect === api).map((one) => one.type));
  if (type !== undefined) names.add(type);
  const met = new Set(types.map(({ dialect }) => dialect));
  const set = (name: keyof PersonSearch, value: string) =>
    void navigate({
      search: ({ [name]: _former, ...rest }) => (value === '' ? rest : { ...rest, [name]: value }),
      replace: true,
    });
  return (
    <div className="timeline-filters">
      <Select
        label="API"
        value={api ?? ''}
        options={[
          all,
          ...dialects
            .filter(({ name }) => met.size === 0 || met.has(name) || name === api)
            .map(({ name, title }) => ({ value: name, title })),
        ]}
        onPick={(value) => set('api', value)}
      />
      <Select
        label="Event"
        value={type ?? ''}
        options={[all, ...[...names].sort().map((name) => ({ value: name, title: name }))]}
        onPick={(value) => set('type', value)}
      />
    </div>
  );
}
