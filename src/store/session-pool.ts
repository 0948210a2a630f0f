import { DatabaseBusyError } from './database-error.ts';
import type { ConnectionTarget } from './driver.ts';
import { openSession, type Session, type SessionSettings } from './session.ts';

export interface SessionPool {
  /** How long a transaction may take on it; undefined: as long as each of its statements may. */
  readonly transactionMilliseconds: number | undefined;
  /** A session for one transaction or one statement; waits in line when all are taken. Rejects with a connection error when none can be opened. */
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

export function createSessionPool(
  target: ConnectionTarget,
  size: number,
  settings: SessionPoolSettings,
): SessionPool {
  return new KeptSessions(target, size, settings);
}

/** Up to `size` sessions, opened when needed and kept. The last one used is taken first: its caches are warm. */
class KeptSessions implements SessionPool {
  readonly transactionMilliseconds: number | undefined;
  readonly #target: ConnectionTarget;
  readonly #size: number;
  readonly #settings: SessionPoolSettings;
  readonly #idle: Session[] = [];
  readonly #waiting = new Set<Waiter>();
  readonly #taken = new Set<Session>();
  #opening = 0;
  #closed = false;

  constructor(target: ConnectionTarget, size: number, settings: SessionPoolSettings) {
    this.transactionMilliseconds = settings.transactionMilliseconds;
    this.#target = target;
    this.#size = size;
    this.#settings = settings;
  }

  take(): Promise<Session> {
    if (this.#closed) return Promise.reject(poolClosed());
    return this.#tryTake() ?? this.#waitInLine();
  }

  give(session: Session, isClean: boolean): void {
    this.#taken.delete(session);
    if (isClean && !this.#closed && !session.isLost()) this.#idle.push(session);
    else void session.end();
    this.#serveNext();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiting) waiter.resolve(Promise.reject(poolClosed()));
    this.#waiting.clear();
    await Promise.all([...this.#idle.splice(0), ...this.#taken].map((session) => session.end()));
  }

  #tryTake(): Promise<Session> | undefined {
    for (let session = this.#idle.pop(); session; session = this.#idle.pop()) {
      if (session.isLost()) continue;
      this.#taken.add(session);
      return Promise.resolve(session);
    }
    return this.#opening + this.#taken.size < this.#size ? this.#open() : undefined;
  }

  async #open(): Promise<Session> {
    this.#opening++;
    try {
      const session = await openSession(this.#target, this.#settings);
      this.#taken.add(session);
      return session;
    } finally {
      this.#opening--;
      this.#serveNext();
    }
  }

  #serveNext(): void {
    for (const waiter of this.#waiting) {
      const session = this.#tryTake();
      if (!session) return;
      this.#waiting.delete(waiter);
      waiter.resolve(session);
    }
  }

  #waitInLine(): Promise<Session> {
    const { promise, resolve } = Promise.withResolvers<Session>();
    const waiter = { resolve };
    this.#waiting.add(waiter);
    const { waitMilliseconds } = this.#settings;
    if (waitMilliseconds === undefined) return promise;
    const timer = setTimeout(() => {
      if (this.#waiting.delete(waiter)) resolve(Promise.reject(new DatabaseBusyError()));
    }, waitMilliseconds);
    return promise.finally(() => clearTimeout(timer));
  }
}

function poolClosed(): Error {
  return Object.assign(new Error('the database connection is closed'), { code: 'CONNECTION_ENDED' });
}
