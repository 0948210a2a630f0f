import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Key } from '../../src/core/identity/identity.ts';
import type { EditItem } from '../../src/ingest/item.ts';
import fc from '../helpers/fast-check.ts';
import { committed, type Engine, nodes, startEngine, submissionOf, userOf } from './engine.ts';
import { readWhoIsWho } from './who-is-who.ts';

let engine: Engine;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

interface Act {
  readonly user: number;
  readonly email: number | null;
  readonly browser: number | null;
}

const act = fc.record({
  user: fc.nat(300),
  email: fc.option(fc.nat(60)),
  browser: fc.option(fc.nat(40), { freq: 2 }),
});
/** More than 100 of them make somebody, who are stored ahead, and are written to, linked and given other keys behind that. */
const acts = fc.array(act, { minLength: 350, maxLength: 350, size: 'max' });

function editOf({ user, email, browser }: Act, index: number): EditItem {
  const keysOf = (values: Record<string, unknown>): Key[] =>
    typeof values.email === 'string' ? [{ kind: 'email', value: values.email }] : [];
  const bound: Key[] = browser === null ? [] : [{ kind: 'session', value: `browser ${browser}` }];
  return {
    kind: 'edit',
    nodeId: nodes.webengage,
    subject: userOf(`user ${user}`),
    companions: bound.map((key) => ({ keys: [key], binding: { when: 'always', follows: 'one-record' } })),
    edit: () => ({
      kind: 'edited',
      changes: { email: email === null ? null : `e${email}@example.com`, last: index },
    }),
    keyRule: { kinds: ['email'], of: keysOf },
  };
}

it('a batch of many stores what its items one by one store, though some of its rows are on their way before the last is decided', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (history) => {
      const submissions = history.map((one, index) =>
        submissionOf(editOf(one, index), { carriesEvents: false }),
      );
      const [together, singly] = [await engine.addWorkspace(), await engine.addWorkspace()];
      for (const outcome of await engine.ingest.submitAll(together, submissions)) committed(outcome);
      for (const submission of submissions) committed(await engine.ingest.submit(singly, submission));
      assert.deepEqual(
        await readWhoIsWho(engine.database, together),
        await readWhoIsWho(engine.database, singly),
      );
    }),
    { numRuns: 1 },
  );
});
