import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isUnderWay, type Job } from '../../api/jobs.ts';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { countOf, formatCount } from '../../components/number.ts';
import { Time } from '../../components/time.tsx';
import { replaysQuery, type Scope } from './queries.ts';

/** So many of those that are over. */
const mostEnded = 2;

interface ReplaysProps {
  /** Of what those have to be that are over; any, unless said. */
  readonly scope?: Scope;
}

/** Replays and tries of groups: how far each has come, and what became of the last. They go on without this page. */
export function Replays({ scope }: ReplaysProps) {
  const workspace = useWorkspaceName();
  const { data = [] } = useQuery(replaysQuery(workspace));
  const open = data.filter(({ state }) => isUnderWay(state));
  useFreshQuarantine(workspace, open.length);
  const ended = data.filter((job) => !isUnderWay(job.state) && (scope === undefined || isOf(job, scope)));
  const shown = [...open, ...ended.slice(0, mostEnded)];
  if (shown.length === 0) return null;
  return (
    <section className="card" aria-labelledby="replays">
      <div className="card-head">
        <h2 id="replays">Replays</h2>
        {open.length > 0 ? <span className="small soft">They go on when this page is closed.</span> : null}
      </div>
      <ul className="replays">
        {shown.map((job) => (
          <li key={job.id}>
            <Replay job={job} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function isOf({ subject }: Job, { dialect, rule, type }: Scope): boolean {
  const asked = new URLSearchParams(subject);
  return asked.get('dialect') === dialect && asked.get('rule') === rule && asked.get('type') === type;
}

/** When a replay has ended, what waits is other. */
function useFreshQuarantine(workspace: string, open: number): void {
  const queryClient = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of those that are open says when
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: ['quarantine', workspace] });
  }, [queryClient, workspace, open]);
}

function Replay({ job }: { readonly job: Job }) {
  const { done, failed, total } = job.progress;
  const asked = new URLSearchParams(job.subject);
  const isTrial = asked.get('dryRun') === 'true';
  return (
    <>
      <p>
        <strong>{isTrial ? 'Try' : 'Replay'}</strong> of <ScopeWords asked={asked} />{' '}
        <span className="small soft">
          asked for at <Time at={job.requestedAt} form="short" />
        </span>
      </p>
      {isUnderWay(job.state) ? (
        <div className="replay-progress" role="status">
          <progress
            {...(total === null ? {} : { max: Math.max(total, 1), value: done })}
            aria-label="Events that are done"
          />
          <span className="soft small">
            {total === null ? 'It begins …' : `${formatCount(done)} of ${countOf(total, 'event')}`}
            {failed > 0 ? `, ${formatCount(failed)} of them still bad` : ''}
            {job.error === null ? '' : `; it waits: ${job.error}`}
          </span>
        </div>
      ) : (
        <Ended job={job} isTrial={isTrial} />
      )}
    </>
  );
}

function ScopeWords({ asked }: { readonly asked: URLSearchParams }) {
  const dialect = asked.get('dialect');
  const rule = asked.get('rule');
  const type = asked.get('type');
  if (dialect === null && rule === null && type === null) return <>everything that waited</>;
  return (
    <>
      {dialect === null ? 'events of any API' : <DialectTag name={dialect} />}
      {rule === null ? null : (
        <>
          , <code>{rule}</code>
        </>
      )}
      {type === null ? null : type === '' ? (
        ', without a known type'
      ) : (
        <>
          , “<bdi className="foreign">{type}</bdi>”
        </>
      )}
    </>
  );
}

const words: readonly (readonly [string, string, string])[] = [
  ['stored', 'stored', 'would be stored'],
  ['saved', 'saved', 'would be saved'],
  ['duplicate', 'a repeat of what is stored', 'would be a repeat of what is stored'],
  ['dropped', 'dropped by a rule', 'would be dropped by a rule'],
  ['bad', 'still in quarantine', 'would stay in quarantine'],
  ['gone', 'gone meanwhile', 'gone meanwhile'],
];

function Ended({ job, isTrial }: { readonly job: Job; readonly isTrial: boolean }) {
  if (job.state === 'failed') return <p className="small foreign">It could not be done: {job.error}</p>;
  const counts = words
    .map(([name, was, would]) => ({
      name,
      count: numberOf(job.result?.[name]),
      words: isTrial ? would : was,
    }))
    .filter(({ count }) => count > 0);
  if (counts.length === 0) return <p className="small soft">Nothing waited.</p>;
  const badBy = Object.entries(recordOf(job.result?.badBy));
  return (
    <p className="small">
      {counts.map(({ name, count, words: become }, index) => (
        <span key={name}>
          {index === 0 ? '' : ' · '}
          {formatCount(count)} {become}
          {name === 'bad' && badBy.length > 0 ? (
            <>
              {' ('}
              {badBy.map(([rule, of], place) => (
                <span key={rule}>
                  {place === 0 ? '' : ', '}
                  {formatCount(numberOf(of))} <code>{rule}</code>
                </span>
              ))}
              )
            </>
          ) : null}
        </span>
      ))}
    </p>
  );
}

/** The result of a job is in its kind's own form. */
function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
