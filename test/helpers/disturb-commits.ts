import type { Parameter } from '../../src/store/queryable.ts';
import type { Session } from '../../src/store/session.ts';
import type { SessionPool } from '../../src/store/session-pool.ts';

/** What becomes of a commit: it is answered, it takes place and its answer is lost, or its connection is cut before it arrives. */
export type Fate = 'answered' | 'answer-lost' | 'cut';

/** From now on each commit of the pool's sessions fares as `decide` says. */
export function disturbCommits(sessions: SessionPool, decide: () => Fate): void {
  const take = sessions.take.bind(sessions);
  const known = new WeakSet<Session>();
  sessions.take = async () => {
    const session = await take();
    if (known.has(session)) return session;
    known.add(session);
    const send = session.send.bind(session);
    session.send = async <Row extends object>(text: string, parameters: readonly Parameter[]) => {
      const fate = text === 'commit' ? decide() : 'answered';
      if (fate === 'cut') {
        session.abandon();
        throw connectionReset();
      }
      const answer = await send<Row>(text, parameters);
      if (fate === 'answer-lost') throw connectionReset();
      return answer;
    };
    return session;
  };
}

function connectionReset(): Error {
  return Object.assign(new Error('lost'), { code: 'ECONNRESET' });
}
