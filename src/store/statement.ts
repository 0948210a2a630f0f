import type { Asker } from './asker.ts';
import { CallerGoneError, TookTooLongError } from './database-error.ts';
import type { Parameter, QuestionOptions } from './queryable.ts';
import type { Session } from './session.ts';
import type { SessionPool } from './session-pool.ts';

/** Beyond what the server was told to take it is taken for silent. */
const silenceMilliseconds = 1000;

/** Makes the server end what one of its processes does. */
export type Cancel = (backendId: number) => Promise<unknown>;

interface Patience {
  /** What the pool's sessions allow a statement. */
  readonly milliseconds: number;
  readonly asker?: Asker | undefined;
  readonly cancel?: Cancel;
  readonly options?: QuestionOptions | undefined;
}

/**
 * One statement on a session of its own, which nothing else waits behind. It ends when it is answered, when its time is up, or when
 * who asked has hung up: then the server is told to stop, and the session is only free once it has.
 * @throws CallerGoneError; TookTooLongError when its own time is up; a connection error when the server says nothing at all; else what the server says
 */
export async function runStatement<Row extends object>(
  sessions: SessionPool,
  text: string,
  parameters: readonly Parameter[],
  { milliseconds, asker, cancel, options = {} }: Patience,
): Promise<Row[]> {
  const session = await sessions.take();
  if (asker?.isGone()) {
    sessions.give(session, true);
    throw new CallerGoneError();
  }
  const alarm = setTimeout(() => session.abandon(), milliseconds + silenceMilliseconds);
  let stopping: { readonly why: Error; readonly done: Promise<void> } | undefined;
  const stopFor = (why: Error) => {
    stopping ??= { why, done: stop(session, cancel) };
  };
  const stopListening = asker?.onGone(() => stopFor(new CallerGoneError()));
  const { milliseconds: own } = options;
  const ownAlarm =
    own === undefined ? undefined : setTimeout(() => stopFor(new TookTooLongError(own, undefined)), own);
  try {
    return await session.send<Row>(text, parameters, options);
  } catch (error) {
    throw stopping?.why ?? error;
  } finally {
    clearTimeout(alarm);
    clearTimeout(ownAlarm);
    stopListening?.();
    // Else it could be the next statement on this session that is cancelled.
    await stopping?.done;
    sessions.give(session, true);
  }
}

/** Where nobody can make the server end it the connection is given up. */
async function stop(session: Session, cancel: Cancel | undefined): Promise<void> {
  if (!cancel) return session.abandon();
  try {
    await cancel(session.backendId);
  } catch {
    session.abandon();
  }
}
