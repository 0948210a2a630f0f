import type { Socket } from 'node:net';
import { type ConnectionTarget, openPool, type Sql } from './driver.ts';
import { beginSocket, connectionLost, type SocketOptions } from './socket.ts';

/** How long statements under way may go on when a pool is retired. */
const RETIRE_PATIENCE_SECONDS = 2;

export interface QueryPool {
  /** Stands for the pool of the moment. */
  readonly sql: Sql;
  close(): Promise<void>;
}

/**
 * A pool that is replaced as a whole when one of its connections is lost. The driver (3.4.9) can leave such a connection with a
 * write timer that is cleared but not forgotten; it then never sends again, and the pool is smaller by one for ever. And it leaves
 * connections open where more statements are under way at the end than it has connections: so the sockets are ours to destroy.
 */
export function createQueryPool(
  target: ConnectionTarget,
  size: number,
  statementMilliseconds: number,
): QueryPool {
  let closed = false;
  const retiring = new Set<Promise<void>>();
  const retire = ({ sql, sockets }: OwnPool) => {
    const ended = sql
      .end({ timeout: RETIRE_PATIENCE_SECONDS })
      .finally(() => sockets.destroy())
      .finally(() => retiring.delete(ended));
    retiring.add(ended);
  };
  const open = (): OwnPool => {
    const sockets = new Sockets();
    const options = { ...target.options, socket: (where: SocketOptions) => sockets.begin(where) };
    const sql = openPool({ ...target, options }, size, statementMilliseconds, () => {
      if (closed || pool !== current) return;
      current = open();
      retire(pool);
    });
    const pool = { sql, sockets };
    return pool;
  };
  let current = open();

  const sql = new Proxy(current.sql, {
    apply: (_first, _self, argumentList) => Reflect.apply(current.sql, undefined, argumentList),
    get: (_first, property) => Reflect.get(current.sql, property),
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

interface OwnPool {
  readonly sql: Sql;
  readonly sockets: Sockets;
}

/** The sockets of one pool, from their beginning to their end. */
class Sockets {
  readonly #open = new Set<Socket>();
  #isOver = false;

  begin(where: SocketOptions): Socket {
    if (this.#isOver) throw connectionLost();
    const socket = beginSocket(where);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  }

  destroy(): void {
    this.#isOver = true;
    for (const socket of this.#open) socket.destroy();
  }
}
