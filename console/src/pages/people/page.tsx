import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { foundPeopleQuery } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { FoundPeople } from '../../components/found-people.tsx';
import { countOf } from '../../components/number.ts';
import { PageHead } from '../../components/page-head.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Forgotten } from './forgotten.tsx';
import { peopleRoute } from './route.ts';
import './people.css';

/** Who somebody is, by what any of the APIs knows of them. */
export function People() {
  const { find = '' } = peopleRoute.useSearch();
  return (
    <>
      <PageHead title="People" note="Found by what any of the APIs knows them by" />
      <div className="stack">
        <Search key={find} find={find} />
        {find === '' ? (
          <>
            <Empty title="Whom do you look for?">
              Write a name or the beginning of one; or, in whole, an e-mail address, a phone number with its
              country’s code, or an id as one of the APIs knows it.
            </Empty>
            <Forgotten />
          </>
        ) : (
          <Found find={find} />
        )}
      </div>
    </>
  );
}

function Search({ find }: { readonly find: string }) {
  const [text, setText] = useState(find);
  const navigate = peopleRoute.useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = text.trim();
    void navigate({ search: wanted === '' ? {} : { find: wanted } });
  };
  return (
    <search>
      <form className="people-search" onSubmit={submit}>
        <TextField
          label="Name, e-mail address, phone number or id"
          type="search"
          name="find"
          maxLength={512}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button look="primary" type="submit" icon="search">
          Find
        </Button>
      </form>
    </search>
  );
}

/** So many are shown. */
const most = 50;

function Found({ find }: { readonly find: string }) {
  const workspace = useWorkspaceName();
  const found = useQuery(foundPeopleQuery(workspace, find, most));
  return (
    <Loaded query={found} label="Looking …">
      {(people) =>
        people.length === 0 ? (
          <Empty title="Nobody is known by this">
            A name is found by the beginnings of its words; an address, number or id has to be whole, as one
            of the APIs was told it.
          </Empty>
        ) : (
          <section className="card" aria-label="Who was found">
            <p className="soft small">
              {people.length === most
                ? `The first ${most} are shown. Write more of the name to find others.`
                : `${countOf(people.length, 'person', 'people')} ${people.length === 1 ? 'is' : 'are'} known by this.`}
            </p>
            <FoundPeople
              people={people}
              choose={({ id, title }) => (
                <Link to="/$workspace/people/$person" params={{ workspace, person: id }} className="foreign">
                  {title}
                </Link>
              )}
            />
          </section>
        )
      }
    </Loaded>
  );
}
