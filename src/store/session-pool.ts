import { DatabaseBusyError } from './database-error.ts';
import type { ConnectionTarget } from './driver.ts';
import { openSession, type Session, type SessionSettings } from './session.ts';

export interface SessionPool {
  /** How long a transaction may take on it; undefined: as long as each of its statements may. */
  readonly transactionMilliseconds: number | undefined;
  /** A session for one transaction; waits in line when all are taken. Rejects with a connection error when none can be opened. */
  take(): Promise<Session>;
  /** Gives a session back; one that is lost or in an unknown state is ended. */
  give(session: Session, isClean: boolean): void;
  close(): Promise<void>;
}

export interface SessionPoolSettings extends SessionSettings {
  readonly transactionMilliseconds?: number;
  /** How long to wait in line; undefined: until it is one's turn. */
  readonly waitMilliseconds?: number;
}

interface Waiter {
  resolve(session: Promise<Session>): void;
}

/** Up to `size` sessions, opened when needed and kept. The last one used is taken first: its caches are warm. */
export function createSessionPool(
  target: ConnectionTarget,
  size: number,
  settings: SessionPoolSettings,
): SessionPool {
  const idle: Session[] = [];
  const waiting = new Set<Waiter>();
  const taken = new Set<Session>();
  let opening = 0;
  let closed = false;

  const open = async (): Promise<Session> => {
    opening++;
    try {
      const session = await openSession(target, settings);
      taken.add(session);
      return session;
    } finally {
      opening--;
      serveNext();
    }
  };
  const tryTake = (): Promise<Session> | undefined => {
    for (let session = idle.pop(); session; session = idle.pop()) {
      if (session.isLost()) continue;
      taken.add(session);
      return Promise.resolve(session);
    }
    return opening + taken.size < size ? open() : undefined;
  };
  const serveNext = () => {
    for (const waiter of waiting) {
      const session = tryTake();
      if (!session) return;
      waiting.delete(waiter);
      waiter.resolve(session);
    }
  };
  const waitInLine = () => {
    const { promise, resolve } = Promise.withResolvers<Session>();
    const waiter = { resolve };
    waiting.add(waiter);
    if (settings.waitMilliseconds === undefined) return promise;
    const timer = setTimeout(() => {
      if (waiting.delete(waiter)) resolve(Promise.reject(new DatabaseBusyError()));
    }, settings.waitMilliseconds);
    return promise.finally(() => clearTimeout(timer));
  };

  return {
    transactionMilliseconds: settings.transactionMilliseconds,
    take() {
      if (closed) return Promise.reject(poolClosed());
      return tryTake() ?? waitInLine();
    },
    give(session, isClean) {
      taken.delete(session);
      if (isClean && !closed && !session.isLost()) idle.push(session);
      else void session.end();
      serveNext();
    },
    async close() {
      closed = true;
      for (const waiter of waiting) waiter.resolve(Promise.reject(poolClosed()));
      waiting.clear();
      await Promise.all([...idle.splice(0), ...taken].map((session) => session.end()));
    },
  };
}

function poolClosed(): Error {
  return Object.assign(new Error('the database connection is closed'), { code: 'CONNECTION_ENDED' });
}
