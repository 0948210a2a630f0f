import { type Person, titleOfProfile } from '../../api/people.ts';
import { DialectTag } from '../../components/dialect-tag.tsx';

/** A profile at one end of a link; what is no part of the person any more has its id alone. */
export function LinkEnd({ id, person }: { readonly id: string; readonly person: Person }) {
  const profile = person.profiles.find((one) => one.id === id);
  if (!profile) return <span className="foreign soft">{id}</span>;
  return (
    <span className="link-end">
      <DialectTag name={profile.dialect} /> <span className="foreign">{titleOfProfile(profile)}</span>
    </span>
  );
}
