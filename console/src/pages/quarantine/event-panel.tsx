import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useWorkspaceName } from '../../app/current-workspace.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy.tsx';
import { DialectTag } from '../../components/dialect-tag.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { SentText } from '../../components/sent-text.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { Time, ZoneNote } from '../../components/time.tsx';
import { TypeName } from './groups.tsx';
import { type BadEvent, badEventQuery, type Remedy, type Replayed, replayOne } from './queries.ts';
import { RemedyWords } from './remedy.tsx';

/** A bad event: what is wrong with it, where, what to change, and its way back. */
export function EventPanel({ eventId, onClose }: { readonly eventId: string; readonly onClose: () => void }) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const query = useQuery(badEventQuery(workspace, eventId));
  const trial = useMutation({ mutationFn: () => replayOne(workspace, eventId, true) });
  const replay = useMutation({
    mutationFn: () => replayOne(workspace, eventId, false),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['quarantine', workspace] }),
  });
  const isBusy = trial.isPending || replay.isPending;
  const waits = query.data?.replayedAt === null;
  return (
    <Dialog
      title={query.data?.type ?? 'Bad event'}
      form="panel"
      description="A bad event: what is wrong with it, and its way back"
      onClose={onClose}
      actions={
        waits ? (
          <>
            <Button onClick={() => trial.mutate()} busy={isBusy}>
              Try
            </Button>
            <Button look="primary" onClick={() => replay.mutate()} busy={isBusy}>
              Replay
            </Button>
          </>
        ) : null
      }
    >
      <Loaded query={query}>
        {(event) => (
          <div className="panel-parts">
            <div role="status">
              {replay.data ? (
                <Became replayed={replay.data} />
              ) : trial.data ? (
                <Became replayed={trial.data} />
              ) : null}
            </div>
            {replay.error ? (
              <Failure error={replay.error} />
            ) : trial.error ? (
              <Failure error={trial.error} />
            ) : null}
            <Whole event={event} trial={waits ? trial.data : undefined} />
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

/** What has become of it, or would. */
function Became({ replayed }: { readonly replayed: Replayed }) {
  const { dryRun, outcome, reason, eventId } = replayed;
  const isBad = outcome === 'bad';
  return (
    <p className={`line ${isBad ? 'line-bad' : 'line-good'}`}>
      <span>
        <strong>{dryRun ? 'Tried, nothing is stored.' : 'Replayed.'}</strong> {wordsOf(outcome, dryRun)}
        {reason === null ? null : (
          <>
            {' '}
            (<code>{reason}</code>)
          </>
        )}
        {!dryRun && outcome === 'stored' && eventId !== null ? (
          <>
            {' '}
            <StoredLink eventId={eventId} />
          </>
        ) : null}
      </span>
    </p>
  );
}

function StoredLink({ eventId }: { readonly eventId: string }) {
  return (
    <Link to="/$workspace/live" params={{ workspace: useWorkspaceName() }} search={{ event: eventId }}>
      Show it
    </Link>
  );
}

function wordsOf(outcome: Replayed['outcome'], dryRun: boolean): string {
  const become = dryRun ? 'It would be' : 'It is';
  switch (outcome) {
    case 'stored':
      return `${become} stored.`;
    case 'saved':
      return `${become} saved with its person.`;
    case 'duplicate':
      return `${become} a repeat of an event that is stored.`;
    case 'dropped':
      return `${become} dropped by a rule.`;
    case 'bad':
      return 'It would still be bad: what is wrong is marked below.';
  }
}

function Whole({ event, trial }: { readonly event: BadEvent; readonly trial: Replayed | undefined }) {
  const { message, faults, remedy } = trial?.stillBad ?? event;
  const isFine = trial !== undefined && trial.stillBad === null;
  return (
    <>
      <dl className="facts">
        <dt>API</dt>
        <dd>
          <DialectTag name={event.dialect} />
        </dd>
        <dt>Event type</dt>
        <dd>
          {event.type === null ? <span className="soft">none known</span> : <TypeName type={event.type} />}
        </dd>
        <dt>Rule</dt>
        <dd>
          <code>{trial?.stillBad?.rule ?? event.rule}</code>
        </dd>
        <dt>Happened</dt>
        <dd>
          <Time at={event.occurredAt} />
        </dd>
        <dt>Received</dt>
        <dd>
          <Time at={event.receivedAt} />
        </dd>
        {event.replayedAt === null ? null : (
          <>
            <dt>Replayed</dt>
            <dd>
              <Time at={event.replayedAt} />
              {event.replayedAs === null ? null : `, ${event.replayedAs}`}{' '}
              {event.replayedAs === 'stored' ? <StoredLink eventId={event.id} /> : null}
            </dd>
          </>
        )}
      </dl>
      <p className="small soft">
        <ZoneNote />
      </p>
      {event.replayedAt !== null || isFine ? null : (
        <Wrong message={message} faults={faults} remedy={remedy} />
      )}
      <section>
        <div className="part-head">
          <h3>As sent</h3>
          <CopyButton text={event.raw} />
        </div>
        <SentText label="The event as it was sent" text={event.raw} faults={isFine ? [] : faults} />
      </section>
    </>
  );
}

interface WrongProps {
  readonly message: string;
  readonly faults: BadEvent['faults'];
  readonly remedy: Remedy;
}

function Wrong({ message, faults, remedy }: WrongProps) {
  return (
    <>
      <section>
        <h3>What is wrong</h3>
        {faults.length === 0 ? (
          <p className="foreign">{message}</p>
        ) : (
          <ul className="faults">
            {faults.map((fault) => (
              <li key={`${fault.path} ${fault.message}`} className="foreign">
                <code>{fault.path === '' ? 'all of it' : fault.path}</code> {fault.message}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3>What to change</h3>
        <RemedyWords remedy={remedy} />
      </section>
    </>
  );
}
