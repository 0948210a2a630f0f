import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { countOf } from '../../components/number.ts';
import { PageHead } from '../../components/page-head.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { foundPeopleQuery } from './queries.ts';
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
          <Empty title="Whom do you look for?">
            Write a whole e-mail address, a phone number with its country’s code, or an id as one of the APIs
            knows it.
          </Empty>
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
          label="E-mail address, phone number or id"
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

function Found({ find }: { readonly find: string }) {
  const workspace = useWorkspaceName();
  const found = useQuery(foundPeopleQuery(workspace, find));
  return (
    <Loaded query={found} label="Looking …">
      {(people) =>
        people.length === 0 ? (
          <Empty title="Nobody is known by this">
            It has to be whole, as one of the APIs was told it: a part of an address or a name finds nobody.
          </Empty>
        ) : (
          <section className="card" aria-label="Who was found">
            <p className="soft small">
              {countOf(people.length, 'person', 'people')} {people.length === 1 ? 'is' : 'are'} known by this.
            </p>
            <ul className="people-found">
              {people.map(({ id, title }) => (
                <li key={id}>
                  <Link
                    to="/$workspace/people/$person"
                    params={{ workspace, person: id }}
                    className="foreign"
                  >
                    {title}
                  </Link>
                  <span className="soft small">{id}</span>
                </li>
              ))}
            </ul>
          </section>
        )
      }
    </Loaded>
  );
}
