import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { personQuery, titleOfPerson } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { countOf } from '../../components/number.ts';
import { PageHead } from '../../components/page-head.tsx';
import { Loaded } from '../../components/states.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { ZoneNote } from '../../components/time.tsx';
import { Profiles } from './profiles.tsx';
import { personRoute } from './route.ts';
import { Timeline } from './timeline.tsx';
import { Why } from './why.tsx';
import './person.css';

/** One person over all APIs: what happened, by what each API knows them, and why all of that is one. */
export function Person() {
  const { person: personId } = personRoute.useParams();
  const workspace = useWorkspaceName();
  const person = useQuery(personQuery(workspace, personId));
  return (
    <Loaded query={person}>
      {(found) => (
        <>
          <PageHead
            title={titleOfPerson(found)}
            note={
              <>
                {countOf(found.profileCount, 'profile')} · <ZoneNote />
              </>
            }
            actions={
              <Link
                to="/$workspace/live"
                params={{ workspace }}
                search={{ person: found.id }}
                className="button button-plain"
              >
                Follow live
              </Link>
            }
          />
          <Tabs
            label="Sides of the person"
            tabs={[
              { value: 'timeline', title: 'Timeline', content: <Timeline person={found} /> },
              { value: 'profiles', title: 'Profiles', content: <Profiles person={found} /> },
              { value: 'why', title: 'Why one person', content: <Why person={found} /> },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}
