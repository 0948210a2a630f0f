import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Person } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { Graph } from './graph.tsx';
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

function say({ origin, evidence, undoneAt }: StoredLink): string {
  return `${origins[origin] ?? origin} (${evidence})${undoneAt === null ? '' : ', undone'}`;
}

/** The evidence by which the profiles are one person, drawn and as a list, each with its undo. */
export function Why({ person }: { readonly person: Person }) {
  const links = useQuery(linksQuery(useWorkspaceName(), person.id));
  return (
    <Loaded query={links}>
      {(found) =>
        found.length === 0 ? (
          <Empty title="There is one profile alone">
            Nothing was merged. As soon as another API tells of the same address or number, it is shown here.
          </Empty>
        ) : (
          <Links person={person} links={found} />
        )
      }
    </Loaded>
  );
}

function Links({ person, links }: { readonly person: Person; readonly links: readonly StoredLink[] }) {
  const [undoing, undo] = useState<StoredLink | null>(null);
  const [current, setCurrent] = useState<number>();
  const pick = (index: number) => {
    setCurrent(index);
    document.getElementById(idOf(index))?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div className="stack">
      <Graph person={person} links={links} say={say} current={current} onPick={pick} />
      <ol className="links" aria-label="The links, with their evidence">
        {links.map((link, index) => (
          <li
            key={link.id}
            id={idOf(index)}
            className="card"
            aria-current={current === index ? 'true' : undefined}
          >
            <Evidence number={index + 1} link={link} person={person} onUndo={() => undo(link)} />
          </li>
        ))}
      </ol>
      {undoing ? <UndoDialog link={undoing} person={person} onClose={() => undo(null)} /> : null}
    </div>
  );
}

function idOf(index: number): string {
  return `link-${index + 1}`;
}

interface EvidenceProps {
  readonly number: number;
  readonly link: StoredLink;
  readonly person: Person;
  readonly onUndo: () => void;
}

function Evidence({ number, link, person, onUndo }: EvidenceProps) {
  return (
    <>
      <p className="link-ends">
        <span className="link-number" aria-hidden="true">
          {number}
        </span>
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
