import type { ReactNode } from 'react';
import type { FoundPerson } from '../api/people.ts';

/** By what kind of key somebody is known, in words. */
const kinds: Readonly<Record<string, string>> = {
  email: 'e-mail',
  phone: 'phone',
  user: 'user',
  anonymous: 'anonymous user',
  session: 'session',
  external: 'external id',
  visitor: 'visitor',
  tracker: 'tracker',
  whatsappUser: 'WhatsApp user',
};

interface FoundPeopleProps {
  readonly people: readonly FoundPerson[];
  /** What leads to a person, or chooses one. */
  readonly choose: (person: FoundPerson) => ReactNode;
}

/** Persons that were looked for, each with what tells it from others of its name. */
export function FoundPeople({ people, choose }: FoundPeopleProps) {
  return (
    <ul className="found-people">
      {people.map((person) => (
        <li key={person.id}>
          {choose(person)}
          <span className="soft small foreign">
            {person.key ? `${kinds[person.key.kind] ?? person.key.kind} ${person.key.value}` : person.id}
          </span>
        </li>
      ))}
    </ul>
  );
}
