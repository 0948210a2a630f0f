import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { countOf, formatBytes } from '../../components/number.ts';
import { Loaded } from '../../components/states.tsx';
import { type Mood, Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { type System, summaryQuery, systemQuery } from './queries.ts';

/** The state of what carries it, in plain words. */
export function Standing() {
  const system = useQuery(systemQuery);
  return (
    <section className="card" aria-labelledby="standing">
      <div className="card-head">
        <h2 id="standing">How the server stands</h2>
      </div>
      <Loaded query={system}>
        {(found) => (
          <dl className="stated">
            <Database state={found.database} />
            <Queue queue={found.queue} />
            <Disk disk={found.disk} />
            <Jobs jobs={found.jobs} />
          </dl>
        )}
      </Loaded>
    </section>
  );
}

const databaseWords: Readonly<Record<System['database'], readonly [Mood, string, string]>> = {
  up: ['good', 'Up', 'It answers and takes writes.'],
  down: ['bad', 'Down', 'It does not answer. What comes in is answered with 503, and clients send it again.'],
  'read-only': ['bad', 'Read-only', 'It takes no writes: events are answered with 503 until it does.'],
  full: ['bad', 'Full', 'Its disk is full: make room, and it goes on by itself.'],
};

function Database({ state }: { readonly state: System['database'] }) {
  const [mood, word, words] = databaseWords[state];
  return (
    <Line title="Database" mood={mood} word={word}>
      {words}
    </Line>
  );
}

function Queue({ queue: { items, bytes, limitBytes } }: { readonly queue: System['queue'] }) {
  const isFull = bytes > limitBytes / 2;
  return (
    <Line title="Queue" mood={isFull ? 'warn' : 'good'} word={isFull ? 'Filling' : 'Short'}>
      {items === 0
        ? 'Nothing waits to be stored.'
        : `${countOf(items, 'item')} wait to be stored (${formatBytes(bytes)} of ${formatBytes(limitBytes)}).`}
    </Line>
  );
}

/** Less of the disk than this is little. */
const littleRoom = 0.1;

function Disk({ disk }: { readonly disk: System['disk'] }) {
  if (!disk)
    return (
      <Line title="Disk" mood="plain" word="Unknown">
        The data folder’s disk can’t be asked; look at the database’s own.
      </Line>
    );
  const isLittle = disk.freeBytes < disk.totalBytes * littleRoom;
  return (
    <Line title="Disk" mood={isLittle ? 'warn' : 'good'} word={isLittle ? 'Little room' : 'Room'}>
      {formatBytes(disk.freeBytes)} of {formatBytes(disk.totalBytes)} are free in the data folder.
    </Line>
  );
}

function Jobs({ jobs }: { readonly jobs: System['jobs'] }) {
  const workspace = useWorkspaceName();
  const { data } = useQuery(summaryQuery(workspace));
  const failed = data?.jobs.failed ?? 0;
  const running = (data?.jobs.running ?? 0) + (data?.jobs.waiting ?? 0);
  return (
    <Line
      title="Jobs"
      mood={failed > 0 ? 'bad' : 'good'}
      word={failed > 0 ? `${failed} failed` : running > 0 ? `${running} under way` : 'None'}
    >
      {failed > 0
        ? 'Some of this workspace have given up; their reasons are among its jobs.'
        : running > 0
          ? 'Long work of this workspace goes on in the background.'
          : 'No long work is under way.'}{' '}
      {failed + running > 0 ? (
        <Link to="/$workspace/settings/jobs" params={{ workspace }}>
          See the jobs
        </Link>
      ) : null}{' '}
      {jobs?.oldestDueAt ? (
        <>
          Of all workspaces {countOf(jobs.due, 'job')} wait, the first since{' '}
          <Time at={jobs.oldestDueAt} form="short" />.
        </>
      ) : null}
    </Line>
  );
}

interface LineProps {
  readonly title: string;
  readonly mood: Mood;
  readonly word: string;
  readonly children: ReactNode;
}

function Line({ title, mood, word, children }: LineProps) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <Status mood={mood}>{word}</Status>
      </dd>
      <dd className="soft">{children}</dd>
    </div>
  );
}
