import type { ConnectionTarget } from './driver.ts';
import { openSession, type Session } from './session.ts';

export interface SessionPool {
  /** A session for one transaction; waits in line when all are taken. Rejects with a connection error when none can be opened. */
  take(): Promise<Session>;
  /** Gives a session back; one that is lost or in an unknown state is ended. */
  give(session: Session, isClean: boolean): void;
  close(): Promise<void>;
}

interface Waiter {
  resolve(session: Promise<Session>): void;
}

/** Up to `size` sessions, opened when needed and kept. The last one used is taken first: its caches are warm. */
export function createSessionPool(target: ConnectionTarget, size: number): SessionPool {
  const idle: Session[] = [];
  const waiting: Waiter[] = [];
  const taken = new Set<Session>();
  let opening = 0;
  let closed = false;

  const open = async (): Promise<Session> => {
    opening++;
    try {
      const session = await openSession(target);
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
    while (waiting.length > 0) {
      const session = tryTake();
      if (!session) return;
      waiting.shift()?.resolve(session);
    }
  };

  return {
    take() {
      if (closed) return Promise.reject(poolClosed());
      return tryTake() ?? new Promise((resolve) => waiting.push({ resolve }));
    },
    give(session, isClean) {
      taken.delete(session);
      if (isClean && !closed && !session.isLost()) idle.push(session);
      else void session.end();
      serveNext();
    },
    async close() {
      closed = true;
      for (const waiter of waiting.splice(0)) waiter.resolve(Promise.reject(poolClosed()));
      await Promise.all([...idle.splice(0), ...taken].map((session) => session.end()));
    },
  };
}

function poolClosed(): Error {
  return Object.assign(new Error('the database connection is closed'), { code: 'CONNECTION_ENDED' });
}
