import assert from 'node:assert/strict';
import type { Companion, EventPart, KeyedSubject, Prepared } from '../../src/ingest/item.ts';
import type { Outcome } from '../../src/ingest/outcome.ts';
import type { Submission } from '../../src/ingest/submission.ts';
import type { TestApp, TestWorkspace } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';

/** Makes all that is derived anew; answers what was counted. */
export async function rebuild(test: TestApp, workspace: TestWorkspace): Promise<Record<string, number>> {
  const reply = await ask(test, 'POST', at(workspace, '/rebuild'));
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body;
}

/** A key of the workspace for the native API. */
export async function workspaceKey(test: TestApp, workspace: TestWorkspace): Promise<string> {
  const reply = await ask(test, 'POST', at(workspace, '/keys'), {
    body: { dialect: 'native', name: 'test' },
  });
  assert.equal(reply.status, 201);
  return reply.body.secret;
}

/** Sends an event by the WebEngage API, or a user when there is no event name. */
export async function sendWebengage(
  test: TestApp,
  workspace: TestWorkspace,
  body: Record<string, unknown>,
): Promise<void> {
  const { webengage } = workspace.credentials;
  const reply = await inject(test, {
    method: 'POST',
    url: `/v1/accounts/${webengage.licenseCode}/${'eventName' in body ? 'events' : 'users'}`,
    headers: { authorization: `Bearer ${webengage.apiKey}`, 'content-type': 'application/json' },
    body,
  });
  assert.equal(reply.status, 201, reply.text);
}

export interface GivenItem {
  readonly subject?: KeyedSubject;
  readonly companions?: readonly Companion[];
  readonly violation?: string;
  readonly raw?: string;
  /** Only profiles, as an upsert has it. */
  readonly withoutEvent?: boolean;
  readonly options?: Partial<Submission>;
}

/** Hands an item to the engine as a dialect would, and answers what became of it. */
export async function submit(test: TestApp, workspace: TestWorkspace, given: GivenItem): Promise<Outcome> {
  const receivedAt = given.options?.receivedAt ?? Date.now();
  const configuration = await test.app.services.workspaces.get(workspace.created.id);
  const node = [...configuration.nodes.values()].find(({ dialect }) => dialect === 'webengage')!;
  const prepared: Prepared =
    given.violation !== undefined
      ? {
          kind: 'violation',
          type: 'Paid',
          occurredAt: receivedAt,
          violation: { rule: given.violation, path: '/eventData', detail: {} },
        }
      : {
          nodeId: node.id,
          subject: given.subject ?? subjectOf('user', 'somebody'),
          companions: given.companions ?? [],
          ...(given.withoutEvent ? { kind: 'edit' } : { kind: 'event', event: paid(receivedAt) }),
        };
  const outcome = await test.app.services.ingest.submit(workspace.created.id, {
    dialect: 'webengage',
    source: null,
    receivedAt,
    carriesEvents: true,
    bytes: 100,
    size: 1,
    prepare: () => [prepared],
    raw: () => given.raw ?? '{}',
    request: {},
    ...given.options,
  });
  assert.equal(outcome.kind, 'committed');
  return outcome.kind === 'committed' ? outcome.outcomes[0]! : assert.fail();
}

function paid(occurredAt: number): EventPart {
  return {
    type: 'Paid',
    typeVersion: null,
    occurredAt,
    sourceId: null,
    context: null,
    properties: {},
    detail: null,
    metrics: [],
  };
}

export function subjectOf(
  kind: 'user' | 'anonymous',
  value: string,
  more: Partial<KeyedSubject> = {},
): KeyedSubject {
  return { keys: [{ kind, value }], contacts: [], anonymous: kind === 'anonymous', expects: 'any', ...more };
}

/** A session that follows the subject of its item. */
export function sessionOf(value: string): Companion {
  return { keys: [{ kind: 'anonymous', value }], binding: { when: 'always', follows: 'one-record' } };
}
