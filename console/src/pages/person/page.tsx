import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Person as FoundPerson, knownBy, personQuery, titleOfPerson } from '../../api/people.ts';
import { Problem } from '../../api/problem.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Loaded } from '../../components/states.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { ZoneNote } from '../../components/time.tsx';
import { Consents } from './consents.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { Facts } from './facts.tsx';
import { Figures } from './figures.tsx';
import { Gone } from './gone.tsx';
import { JoinDialog } from './join-dialog.tsx';
import { Profiles } from './profiles.tsx';
import { personRoute, sides } from './route.ts';
import { Timeline } from './timeline.tsx';
import { Why } from './why.tsx';
import './person.css';

/** One person over all APIs: what happened, by what each API knows them, and why all of that is one. */
export function Person() {
  const { person: personId } = personRoute.useParams();
  const person = useQuery(personQuery(useWorkspaceName(), personId));
  if (!person.data && person.error instanceof Problem && person.error.status === 404)
    return <Gone personId={personId} error={person.error} />;
  return <Loaded query={person}>{(found) => <Known person={found} />}</Loaded>;
}

function Known({ person }: { readonly person: FoundPerson }) {
  const { side = 'timeline' } = personRoute.useSearch();
  const navigate = personRoute.useNavigate();
  const known = knownBy(person);
  return (
    <>
      <PageHead
        title={titleOfPerson(person)}
        note={
          <>
            {known === undefined ? null : (
              <>
                <span className="foreign">{known}</span> ·{' '}
              </>
            )}
            <ZoneNote />
          </>
        }
        actions={<Actions person={person} />}
      />
      <div className="stack">
        <Facts person={person} />
        <Tabs
          label="Sides of the person"
          value={side}
          onPick={(value) => {
            const picked = sides.find((one) => one === value);
            void navigate({
              search: ({ side: _former, ...rest }) =>
                picked === undefined || picked === 'timeline' ? rest : { ...rest, side: picked },
              replace: true,
            });
          }}
          tabs={[
            { value: 'timeline', title: 'Timeline', content: <Timeline person={person} /> },
            { value: 'figures', title: 'In figures', content: <Figures person={person} /> },
            { value: 'profiles', title: 'Profiles', content: <Profiles person={person} /> },
            { value: 'consents', title: 'Consents', content: <Consents person={person} /> },
            { value: 'why', title: 'Why one person', content: <Why person={person} /> },
          ]}
        />
      </div>
    </>
  );
}

/** What can be done with a person. */
function Actions({ person }: { readonly person: FoundPerson }) {
  const workspace = useWorkspaceName();
  const [open, setOpen] = useState<'join' | 'export' | 'erase' | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Link
        to="/$workspace/live"
        params={{ workspace }}
        search={{ person: person.id }}
        className="button button-plain"
      >
        Follow live
      </Link>
      <Button onClick={() => setOpen('join')}>Join …</Button>
      <Button onClick={() => setOpen('export')}>Export …</Button>
      <Button look="danger" onClick={() => setOpen('erase')}>
        Erase …
      </Button>
      {open === 'join' ? <JoinDialog person={person} onClose={close} /> : null}
      {open === 'export' ? <ExportDialog person={person} onClose={close} /> : null}
      {open === 'erase' ? <EraseDialog person={person} onClose={close} /> : null}
    </>
  );
}
