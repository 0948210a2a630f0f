import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { conversionsQuery } from '../../api/attribution.ts';
import { personQuery, titleOfPerson } from '../../api/people.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { CopyButton } from '../../components/copy.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { SentText } from '../../components/sent-text.tsx';
import { Loaded } from '../../components/states.tsx';
import { Time, ZoneNote } from '../../components/time.tsx';
import { CountedIn } from './counted-in.tsx';
import { Neighbours } from './neighbours.tsx';
import { eventQuery, sourcesQuery, type WholeEvent } from './queries.ts';

/** An event, with all that is known of it. */
export function EventPanel({ eventId, onClose }: { readonly eventId: string; readonly onClose: () => void }) {
  const query = useQuery(eventQuery(useWorkspaceName(), eventId));
  return (
    <Dialog
      title={query.data?.event.type ?? 'Event'}
      form="panel"
      description="An event, with all that is known of it"
      onClose={onClose}
    >
      <Loaded query={query}>{(whole) => <Whole whole={whole} />}</Loaded>
    </Dialog>
  );
}

function Whole({ whole }: { readonly whole: WholeEvent }) {
  const { event, detail, metrics, countedIn, neighbours, raw } = whole;
  return (
    <div className="panel-parts">
      <dl className="facts">
        <Fact title="API">
          <DialectTag name={event.dialect} />
        </Fact>
        <Fact title="Happened">
          <Time at={event.occurredAt} />
        </Fact>
        <Fact title="Received">
          <Time at={event.receivedAt} />
        </Fact>
        {event.updatedAt === null ? null : (
          <Fact title="Changed">
            <Time at={event.updatedAt} />, version {event.version}
          </Fact>
        )}
        <PersonFact event={event} />
        <SourceFact sourceId={event.sourceId} />
        <ConversionFact event={event} />
        {event.context === null ? null : <Fact title="Context">{event.context}</Fact>}
        <Fact title="Order">
          {event.seq} <span className="soft small">(seq of the workspace)</span>
        </Fact>
      </dl>
      <p className="small soft">
        <ZoneNote />
      </p>
      <Sent raw={raw} />
      <Text title="As kept" note="Its properties, as its API keeps them" value={event.properties} />
      <NotKept dropped={event.dropped} />
      {detail === null ? null : (
        <Text
          title="As computed"
          note="What its API keeps of it besides, for its own answers"
          value={detail}
        />
      )}
      <CountedIn event={event} metrics={metrics} countedIn={countedIn} />
      <Neighbours before={neighbours.before} event={event} after={neighbours.after} />
    </div>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{title}</dt>
      <dd className="foreign">{children}</dd>
    </>
  );
}

function PersonFact({ event }: { readonly event: WholeEvent['event'] }) {
  const workspace = useWorkspaceName();
  const { data: person } = useQuery({
    ...personQuery(workspace, event.personId ?? ''),
    enabled: event.personId !== null,
  });
  if (event.personId === null) return <Fact title="Person">The profile is gone; its event stays.</Fact>;
  if (!person) return <Fact title="Person">…</Fact>;
  const profile = person.profiles.find(({ id }) => id === event.profileId);
  return (
    <>
      <Fact title="Person">
        <Link to="/$workspace/people/$person" params={{ workspace, person: person.id }}>
          {titleOfPerson(person)}
        </Link>{' '}
        <span className="soft small">
          {person.profileCount === 1 ? 'one profile' : `${person.profileCount} profiles that are one person`}{' '}
          ·{' '}
        </span>
        <Link to="/$workspace/live" params={{ workspace }} search={{ person: person.id }} className="small">
          their events alone
        </Link>
      </Fact>
      <Fact title="Profile">
        {profile === undefined || profile.keys.length === 0
          ? 'without a key'
          : profile.keys.map(({ kind, value }) => `${kind} ${value.replace('\n', ' ')}`).join(', ')}
      </Fact>
    </>
  );
}

/** Where its type counts as success it leads to what led to it. */
function ConversionFact({ event: { id, dialect, type } }: Pick<WholeEvent, 'event'>) {
  const workspace = useWorkspaceName();
  const { data } = useQuery(conversionsQuery(workspace));
  const counting = data?.conversions.filter(({ event }) => event === `${dialect}:${type}`) ?? [];
  if (counting.length === 0) return null;
  return (
    <Fact title="Conversion">
      {counting.map((conversion) => (
        <Link
          key={conversion.id}
          to="/$workspace/campaigns"
          params={{ workspace }}
          search={{ side: 'conversions', conversion: conversion.id, event: id }}
          className="conversion-link"
        >
          {conversion.name}: what led to it
        </Link>
      ))}
    </Fact>
  );
}

function SourceFact({ sourceId }: { readonly sourceId: string | null }) {
  const { data = [] } = useQuery(sourcesQuery(useWorkspaceName()));
  if (sourceId === null) return null;
  const source = data.find(({ id }) => id === sourceId);
  return <Fact title="Source">{source ? `${source.name} (${source.kind} ${source.externalId})` : '…'}</Fact>;
}

/** Only a bad event's body is kept: a second copy of each would double what all take, and what erasing has to empty. */
function Sent({ raw }: { readonly raw: string | null }) {
  return (
    <section>
      <div className="part-head">
        <h3>As sent (raw)</h3>
        {raw === null ? null : <CopyButton text={raw} />}
      </div>
      {raw === null ? (
        <p className="small soft">
          Its body is not kept. Once an event is stored, what it held is in its properties below, with what
          its API added, and what was dropped or cut is counted and named; a second copy would have to be
          erased and edited with it. Bad events are kept as they were sent, in quarantine.
        </p>
      ) : (
        <>
          <p className="small soft">It was in quarantine before, which keeps bodies as they were sent.</p>
          <SentText label="The body as it was sent" text={raw} />
        </>
      )}
    </section>
  );
}

interface TextProps {
  readonly title: string;
  readonly note: string;
  readonly value: Readonly<Record<string, unknown>>;
}

function Text({ title, note, value }: TextProps) {
  const text = JSON.stringify(value, null, 2);
  return (
    <section>
      <div className="part-head">
        <h3>{title}</h3>
        <CopyButton text={text} />
      </div>
      <p className="small soft">{note}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can scroll has to be reached by keyboard */}
      <pre className="code foreign" tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}

function NotKept({ dropped }: { readonly dropped: readonly string[] }) {
  return (
    <section>
      <h3>Dropped or cut</h3>
      {dropped.length === 0 ? (
        <p className="small soft">Nothing of it was left out.</p>
      ) : (
        <>
          <p className="small soft">Members that its API does not know, and that were not kept:</p>
          <ul className="dropped">
            {dropped.map((name) => (
              <li key={name} className="mono foreign">
                {name}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
