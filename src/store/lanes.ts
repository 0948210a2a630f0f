import { type Asker, currentAsker } from './asker.ts';
import type { Database } from './database.ts';
import { sqlState, TookTooLongError } from './database-error.ts';
import type { ConnectionTarget } from './driver.ts';
import { FairLine } from './fair-line.ts';
import type { Parameter, QuestionOptions } from './queryable.ts';
import type { Session } from './session.ts';
import { createSessionPool, type SessionPool } from './session-pool.ts';
import { runStatement } from './statement.ts';

const QUERY_CANCELED = '57014';

/** From the head of the queue to the answer: two tries, or one and a look at what became of it. */
export const ingestMilliseconds = 7_000;
/** To find out who asks, and by which configuration. */
const admissionMilliseconds = 5_000;
/** For a change that a request makes: a setting, a campaign, a link undone. */
const changeMilliseconds = 10_000;
/** For a connection or a place in line. */
const waitMilliseconds = 5_000;
const waitingPerTenant = 200;

export interface LaneSettings {
  /** Connections for what requests ask, and as many for events; the others have a quarter of it. */
  readonly poolSize: number;
  /** How long a question of a request may take. */
  readonly readMilliseconds: number;
  /** Of one workspace at once. */
  readonly readsPerWorkspace: number;
}

/**
 * Connections by kind of work, so that none waits behind another: an event never behind a report, a key never behind either. Each
 * wait on them has an end. Work beside requests (jobs, commands) has connections of its own: those of the database itself.
 */
export interface Lanes {
  /** The way of events. */
  readonly ingest: Pick<Database, 'sessions'>;
  /** Who asks, and by which configuration. */
  readonly admission: Database;
  /** What requests ask and change, on behalf of the current asker; before its workspace is known that is admission's work. */
  readonly requests: Database;
  close(): Promise<void>;
}

/** How many connections of `requests` changes, of `admission`: a quarter of the pool. */
function fewOf(poolSize: number): number {
  return Math.max(2, Math.floor(poolSize / 4));
}

/** How many connections the lanes open at most. */
export function laneConnections(poolSize: number): number {
  return 2 * poolSize + 2 * fewOf(poolSize) + 1;
}

export function createLanes(target: ConnectionTarget, settings: LaneSettings): Lanes {
  const { poolSize, readMilliseconds } = settings;
  const few = fewOf(poolSize);
  const ingest = createSessionPool(target, poolSize, {
    statementMilliseconds: ingestMilliseconds,
    transactionMilliseconds: ingestMilliseconds,
    waitMilliseconds,
  });
  const admission = createSmallLane(target, few);
  const reads = createSessionPool(target, poolSize, {
    statementMilliseconds: readMilliseconds,
    writesAlone: true,
    waitMilliseconds,
  });
  const enter = createReadLines(settings);
  const changes = createSessionPool(target, few, {
    statementMilliseconds: changeMilliseconds,
    transactionMilliseconds: changeMilliseconds,
    waitMilliseconds,
  });
  // A connection of its own: what ends statements must not wait for any. Citus has a function of that name for other numbers, too.
  const control = createSmallLane(target, 1);
  const cancel = (backendId: number) => control.query('select pg_cancel_backend($1::integer)', [backendId]);
  return {
    ingest: { sessions: ingest },
    admission,
    requests: {
      sessions: lineUp(changes, few, admission.sessions),
      async query<Row extends object>(
        text: string,
        parameters: readonly Parameter[] = [],
        options?: QuestionOptions,
      ): Promise<Row[]> {
        const asker = currentAsker();
        const tenant = asker?.tenant();
        if (tenant === undefined) return admission.query<Row>(text, parameters, options);
        const leave = await enter(tenant, asker, options?.dear === true);
        try {
          const patience = { milliseconds: readMilliseconds, asker, cancel, options };
          return await runStatement<Row>(reads, text, parameters, patience);
        } catch (error) {
          throw sqlState(error) === QUERY_CANCELED ? new TookTooLongError(readMilliseconds, error) : error;
        } finally {
          leave();
        }
      },
    },
    async close() {
      const pools = [ingest, admission.sessions, reads, changes, control.sessions];
      await Promise.all(pools.map((sessions) => sessions.close()));
    },
  };
}

/** A place to ask in, given back by what is answered. Who asks what may take very long leaves one of its workspace's to others. */
function createReadLines({ poolSize, readsPerWorkspace }: LaneSettings) {
  const lineOf = (places: number, placesPerTenant: number) =>
    new FairLine({ places, placesPerTenant, waitMilliseconds, waitingPerTenant });
  const fewer = (places: number) => Math.max(1, places - 1);
  const line = lineOf(poolSize, readsPerWorkspace);
  const dearLine = lineOf(fewer(poolSize), fewer(readsPerWorkspace));
  return async (tenant: number, asker: Asker | undefined, isDear: boolean): Promise<() => void> => {
    if (!isDear) return line.enter(tenant, asker);
    const leaveDear = await dearLine.enter(tenant, asker);
    try {
      const leave = await line.enter(tenant, asker);
      return () => {
        leave();
        leaveDear();
      };
    } catch (error) {
      leaveDear();
      throw error;
    }
  };
}

function createSmallLane(target: ConnectionTarget, size: number): Database {
  const sessions = createSessionPool(target, size, {
    statementMilliseconds: admissionMilliseconds,
    transactionMilliseconds: admissionMilliseconds,
    writesAlone: true,
    waitMilliseconds,
  });
  return {
    sessions,
    query: <Row extends object>(
      text: string,
      parameters: readonly Parameter[] = [],
      options?: QuestionOptions,
    ) => runStatement<Row>(sessions, text, parameters, { milliseconds: admissionMilliseconds, options }),
  };
}

/**
 * Transactions of one workspace wait for its lock anyway: they do so before they take connections from the others. Without a
 * workspace they are admission's.
 */
function lineUp(pool: SessionPool, places: number, admission: SessionPool): SessionPool {
  const line = new FairLine({ places, placesPerTenant: 1, waitMilliseconds, waitingPerTenant });
  const leaving = new WeakMap<Session, () => void>();
  return {
    transactionMilliseconds: pool.transactionMilliseconds,
    async take() {
      const asker = currentAsker();
      const tenant = asker?.tenant();
      if (tenant === undefined) return admission.take();
      const leave = await line.enter(tenant, asker);
      try {
        const session = await pool.take();
        leaving.set(session, leave);
        return session;
      } catch (error) {
        leave();
        throw error;
      }
    },
    give(session, isClean) {
      const leave = leaving.get(session);
      if (!leave) return admission.give(session, isClean);
      leaving.delete(session);
      pool.give(session, isClean);
      leave();
    },
    close: () => pool.close(),
  };
}
