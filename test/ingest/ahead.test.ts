import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Key } from '../../src/core/identity/identity.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import type { EditItem } from '../../src/ingest/item.ts';
import fc from '../helpers/fast-check.ts';
import { committed, type Engine, nodes, startEngine, submissionOf, userOf } from './engine.ts';

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

/** All that is stored of who is who, by what people are called instead of their ids. */
async function storedIn(workspaceId: WorkspaceId) {
  const query = (text: string) => engine.database.query<Record<string, unknown>>(text, [workspaceId]);
  const name = (column: string) =>
    `(select min(n.value) from identity n where n.workspace_id = $1 and n.profile_id = ${column} and n.value ~ '^(user|browser) ')`;
  return {
    profiles: await query(
      `select ${name('p.id')} as name, ${name('p.record_id')} as record, ${name('p.person_id')} as person, anonymous, created_seq, version, attributes
         from profile p where workspace_id = $1 order by created_seq`,
    ),
    keys: await query(
      `select kind, value, ${name('i.profile_id')} as name from identity i where workspace_id = $1 order by kind, value, name`,
    ),
    changes: await query(
      `select seq, entity, operation, node_id from change where workspace_id = $1 order by seq`,
    ),
    links: await query(
      `select ${name('first_profile')} as first, ${name('second_profile')} as second, scope, evidence, created_seq
         from link where workspace_id = $1 order by created_seq`,
    ),
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
      assert.deepEqual(await storedIn(together), await storedIn(singly));
    }),
    { numRuns: 1 },
  );
});
