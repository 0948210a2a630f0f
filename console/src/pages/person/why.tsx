import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Person } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { LinkEnd } from './link-end.tsx';
import { linksQuery, type StoredLink } from './queries.ts';
import { UndoDialog } from './undo-dialog.tsx';

const origins: Readonly<Record<string, string>> = {
  binding: 'one of them was named with the other',
  claim: 'a browser said so, without a key',
  'shared-event': 'they met in one event',
  'shared-key': 'they have a key in common',
  manual: 'somebody joined them by hand',
};

/** The evidence by which the profiles are one person, each with its undo. */
export function Why({ person }: { readonly person: Person }) {
  const [chosen, choose] = useState<StoredLink | null>(null);
  const links = useQuery(linksQuery(useWorkspaceName(), person.id));
  return (
    <Loaded query={links}>
      {(found) =>
        found.length === 0 ? (
          <Empty title="There is one profile alone">
            Nothing was merged. As soon as another API tells of the same address or number, it is shown here.
          </Empty>
        ) : (
          <>
            <ul className="links">
              {found.map((link) => (
                <li key={link.id} className="card">
                  <Evidence link={link} person={person} onUndo={() => choose(link)} />
                </li>
              ))}
            </ul>
            {chosen ? <UndoDialog link={chosen} person={person} onClose={() => choose(null)} /> : null}
          </>
        )
      }
    </Loaded>
  );
}

interface EvidenceProps {
  readonly link: StoredLink;
  readonly person: Person;
  readonly onUndo: () => void;
}

function Evidence({ link, person, onUndo }: EvidenceProps) {
  return (
    <>
      <p className="link-ends">
        <LinkEnd id={link.first} person={person} />
        <span className="soft">and</span>
        <LinkEnd id={link.second} person={person} />
      </p>
      <p>
        <span className="soft">are one {link.scope === 'record' ? 'record' : 'person'}, for </span>
        {origins[link.origin] ?? link.origin}: <code className="foreign">{link.evidence}</code>
      </p>
      <div className="link-foot">
        <span className="soft small">
          Since <Time at={link.createdAt} form="short" />
        </span>
        {link.undoneAt === null ? (
          <Button onClick={onUndo}>Undo …</Button>
        ) : (
          <Status mood="plain">
            Undone at <Time at={link.undoneAt} form="short" />
          </Status>
        )}
      </div>
    </>
  );
}
