import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type FactCursor, readFacts } from '../../../../src/dialects/signals/conversation/fact-store.ts';
import { useApp } from '../../../helpers/app.ts';
import { delivery, SignalsClient, textMessage } from '../client.ts';

const test = await useApp();

const at = Date.parse('2026-03-01T10:00:00Z') / 1000;
const ids = ['1', '2', '3', '4', '5', '6'];

it('reads large messages of a lead a few at a time, and all of them in their order', async () => {
  const client = new SignalsClient(test);
  const filling = 'x'.repeat(400_000);
  for (const [index, id] of ids.entries()) {
    const message = textMessage(id, '33639981234', at + index, { filling });
    assert.equal((await client.deliver(delivery(message))).status, 200);
  }
  const { id: workspaceId } = test.workspace.created;
  const [lead] = await test.database.query<{ profile_id: string }>(
    'select distinct profile_id from event where workspace_id = $1',
    [workspaceId],
  );
  const slices: string[][] = [];
  let cursors: FactCursor[] = [{ leadId: lead!.profile_id, after: null }];
  while (cursors.length > 0) {
    const { facts, next } = await readFacts(test.database, workspaceId, cursors, 500);
    slices.push(
      (facts.get(lead!.profile_id) ?? []).map((fact) => (fact.kind === 'message' ? fact.messageId : '')),
    );
    cursors = next;
  }
  assert.deepEqual(slices, [
    ['1', '2'],
    ['3', '4'],
    ['5', '6'],
  ]);
});
