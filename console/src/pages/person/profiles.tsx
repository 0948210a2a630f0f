import { type Person, type Profile, titleOfProfile } from '../../api/people.ts';
import { CopyButton } from '../../components/copy.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';

/** What each API knows of the person. */
export function Profiles({ person }: { readonly person: Person }) {
  const hidden = person.profileCount - person.profiles.length;
  return (
    <div className="stack">
      <ul className="profiles">
        {person.profiles.map((profile) => (
          <li key={profile.id} className="card">
            <Card profile={profile} />
          </li>
        ))}
      </ul>
      {hidden > 0 ? <p className="soft small">{hidden} more are not shown.</p> : null}
    </div>
  );
}

function Card({ profile }: { readonly profile: Profile }) {
  const { id, dialect, anonymous, name, keys, attributes, createdAt, updatedAt } = profile;
  const values = Object.entries(attributes);
  return (
    <>
      <div className="card-head">
        <h2 className="foreign">{titleOfProfile(profile)}</h2>
        <DialectTag name={dialect} />
      </div>
      {anonymous ? <Status mood="plain">A browser or session, not a record of its own</Status> : null}
      <dl className="values">
        {name === null ? null : (
          <div>
            <dt>name</dt>
            <dd className="foreign">{name}</dd>
          </div>
        )}
        {keys.map(({ kind, value }) => (
          <div key={`${kind} ${value}`}>
            <dt>{kind}</dt>
            <dd className="foreign">{value}</dd>
          </div>
        ))}
        <div>
          <dt>first seen</dt>
          <dd>
            <Time at={createdAt} />
          </dd>
        </div>
        <div>
          <dt>changed</dt>
          <dd>
            <Time at={updatedAt} />
          </dd>
        </div>
        <div>
          <dt>profile</dt>
          <dd className="foreign">
            {id} <CopyButton text={id} />
          </dd>
        </div>
      </dl>
      {values.length === 0 ? null : (
        <details>
          <summary>
            {values.length} {values.length === 1 ? 'value' : 'values'}
          </summary>
          <dl className="values">
            {values.map(([path, value]) => (
              <div key={path}>
                <dt className="foreign">{path}</dt>
                <dd className="foreign">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}
