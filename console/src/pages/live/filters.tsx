import { useQuery } from '@tanstack/react-query';
import { dialectsQuery } from '../../api/dialects.ts';
import { personQuery, titleOfPerson } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/field.tsx';
import { eventTypesQuery } from './queries.ts';
import { type LiveSearch, liveRoute } from './route.ts';

const all = { value: '', title: 'All' };

/** Which events are shown; it stands in the address. */
export function Filters() {
  const workspace = useWorkspaceName();
  const { api, type, person } = liveRoute.useSearch();
  const navigate = liveRoute.useNavigate();
  const { data: dialects = [] } = useQuery(dialectsQuery(workspace));
  const { data: types = [] } = useQuery(eventTypesQuery(workspace));
  const set = (name: keyof LiveSearch, value: string) =>
    void navigate({
      search: ({ [name]: _former, ...rest }) => (value === '' ? rest : { ...rest, [name]: value }),
      replace: true,
    });
  const names = [
    ...new Set(types.filter((one) => !api || one.dialect === api).map(({ name }) => name)),
  ].sort();
  return (
    <div className="live-filters">
      <Select
        label="API"
        value={api ?? ''}
        options={[all, ...dialects.map(({ name, title }) => ({ value: name, title }))]}
        onPick={(value) => set('api', value)}
      />
      <Select
        label="Event"
        value={type ?? ''}
        options={[all, ...withChosen(names, type).map((name) => ({ value: name, title: name }))]}
        onPick={(value) => set('type', value)}
      />
      {person === undefined ? null : <PersonFilter person={person} onClear={() => set('person', '')} />}
    </div>
  );
}

/** What the address names is there to be taken away, also when there is no such type. */
function withChosen(names: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || names.includes(chosen) ? names : [chosen, ...names];
}

function PersonFilter({ person, onClear }: { readonly person: string; readonly onClear: () => void }) {
  const { data } = useQuery(personQuery(useWorkspaceName(), person));
  return (
    <div className="select">
      <span className="small soft">Person</span>
      <Button icon="close" onClick={onClear}>
        <span className="only-read">Take the filter away: </span>
        <span className="foreign">{data ? titleOfPerson(data) : '…'}</span>
      </Button>
    </div>
  );
}
