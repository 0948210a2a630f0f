import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { Snippet } from '../../components/copy.tsx';
import { formatCount } from '../../components/number.ts';
import { PageHead } from '../../components/page-head.tsx';
import { saveFile } from '../../components/save-file.ts';
import { Failure, Loaded } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time, ZoneNote } from '../../components/time.tsx';
import { ErasureCounts } from './counts.tsx';
import { type Erasure, erasureQuery, jobQuery } from './queries.ts';

/** In place of a person that there is not: how far the erasure is that has forgotten it, and its receipt; else that nobody is. */
export function Gone({ personId, error }: { readonly personId: string; readonly error: Error }) {
  const erasure = useQuery(erasureQuery(useWorkspaceName(), personId));
  return (
    <Loaded query={erasure}>
      {(found) => (found === null ? <Failure error={error} /> : <Forgotten erasure={found} />)}
    </Loaded>
  );
}

function Forgotten({ erasure }: { readonly erasure: Erasure }) {
  return (
    <>
      <PageHead title="A forgotten person" note={<ZoneNote />} />
      <section className="card stack" aria-label="Erasure">
        <p>
          Forgotten at <Time at={erasure.requestedAt} />, by the key{' '}
          <span className="foreign">{erasure.requestedBy}</span>. Nobody finds the person any more, and what
          comes for them is dropped.
        </p>
        {erasure.receipt === null ? <Progress erasure={erasure} /> : <Receipt erasure={erasure} />}
      </section>
    </>
  );
}

function Progress({ erasure: { jobId } }: { readonly erasure: Erasure }) {
  const job = useQuery(jobQuery(useWorkspaceName(), jobId));
  return (
    <Loaded query={job}>
      {({ progress: { done, total }, error, dueAt }) => (
        <div role="status" className="erasure-progress">
          <progress
            aria-label="What was emptied"
            {...(total === null ? {} : { max: Math.max(total, 1), value: done })}
          />
          <span className="soft">
            The rest is being emptied, also when this page is closed
            {done > 0 ? `: ${formatCount(done)} rows by now` : ''}.
          </span>
          {error === null ? null : (
            <p className="soft foreign">
              It failed last with “{error}”; it is tried again at <Time at={dueAt} form="short" />.
            </p>
          )}
        </div>
      )}
    </Loaded>
  );
}

function Receipt({ erasure }: { readonly erasure: Erasure }) {
  const { id, finishedAt, receipt, signature, publicKey } = erasure;
  const counts = useMemo(() => countsOf(receipt ?? ''), [receipt]);
  const whole = JSON.stringify({ receipt, signature, publicKey }, null, 2);
  return (
    <>
      <p>
        <Status mood="good">Done</Status>{' '}
        {finishedAt === null ? null : (
          <>
            at <Time at={finishedAt} />
          </>
        )}
      </p>
      <ErasureCounts counts={counts} />
      <Snippet title="The receipt, whose very text is signed" text={receipt ?? ''} />
      <div>
        <Button onClick={() => saveFile([whole], `erasure-${id}.json`, 'application/json')}>
          Download with signature and key
        </Button>
      </div>
    </>
  );
}

/** How many of what, of a receipt's text. */
function countsOf(receipt: string): Readonly<Record<string, number>> {
  const read: unknown = JSON.parse(receipt);
  const counts = typeof read === 'object' && read !== null ? Reflect.get(read, 'counts') : undefined;
  if (typeof counts !== 'object' || counts === null) return {};
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) => (typeof count === 'number' ? [[name, count]] : [])),
  );
}
