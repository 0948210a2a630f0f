import type { Asker } from './asker.ts';
import { CallerGoneError } from './database-error.ts';
import type { Parameter } from './queryable.ts';
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
}

/**
 * One statement on a session of its own, which nothing else waits behind. It ends when it is answered, when its time is up, or when
 * who asked has hung up: then the server is told to stop, and the session is only free once it has.
 * @throws CallerGoneError; a connection error when the server says nothing at all; else what the server says
 */
export async function runStatement<Row extends object>(
  sessions: SessionPool,
  text: string,
  parameters: readonly Parameter[],
  { milliseconds, asker, cancel }: Patience,
): Promise<Row[]> {
  const session = await sessions.take();
  if (asker?.isGone()) {
    sessions.give(session, true);
    throw new CallerGoneError();
  }
  const alarm = setTimeout(() => session.abandon(), milliseconds + silenceMilliseconds);
  let stopping: Promise<void> | undefined;
  const stopListening = asker?.onGone(() => {
    stopping ??= cancel && stop(session, cancel);
  });
  try {
    return await session.send<Row>(text, parameters);
  } catch (error) {
    throw stopping ? new CallerGoneError() : error;
  } finally {
    clearTimeout(alarm);
    stopListening?.();
    // Else it could be the next statement on this session that is cancelled.
    await stopping;
    sessions.give(session, true);
  }
}

async function stop(session: Session, cancel: Cancel): Promise<void> {
  try {
    await cancel(session.backendId);
  } catch {
    session.abandon();
  }
}
