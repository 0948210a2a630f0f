import { type ConnectionTarget, openPool, type Sql } from './driver.ts';

/** How long statements under way may go on when a pool is retired. */
const RETIRE_PATIENCE_SECONDS = 2;

export interface QueryPool {
  /** Stands for the pool of the moment. */
  readonly sql: Sql;
  close(): Promise<void>;
}

/**
 * A pool that is replaced as a whole when one of its connections is lost. The driver (3.4.9) can leave such a connection with a
 * write timer that is cleared but not forgotten; it then never sends again, and the pool is smaller by one for ever.
 */
export function createQueryPool(
  target: ConnectionTarget,
  size: number,
  statementMilliseconds: number,
): QueryPool {
  let closed = false;
  const retiring = new Set<Promise<void>>();
  const retire = (pool: Sql) => {
    const ended = pool.end({ timeout: RETIRE_PATIENCE_SECONDS }).finally(() => retiring.delete(ended));
    retiring.add(ended);
  };
  const open = (): Sql => {
    const pool = openPool(target, size, statementMilliseconds, () => {
      if (closed || pool !== current) return;
      current = open();
      retire(pool);
    });
    return pool;
  };
  let current = open();

  const sql = new Proxy(current, {
    apply: (_first, _self, argumentList) => Reflect.apply(current, undefined, argumentList),
    get: (_first, property) => Reflect.get(current, property),
  });
  return {
    sql,
    async close() {
      closed = true;
      retire(current);
      await Promise.all(retiring);
    },
  };
}
