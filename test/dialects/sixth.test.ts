import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import Type from 'typebox';
import { type App, buildApp } from '../../src/app.ts';
import { prepareWorkspaces } from '../../src/cli/start/prepare-workspaces.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Access } from '../../src/core/credential/authenticator.ts';
import type { DialectName } from '../../src/core/dialect-name.ts';
import { createWorkspace } from '../../src/core/workspace/create-workspace.ts';
import { issueAdministratorKey } from '../../src/core/workspace/issue-keys.ts';
import type { Provision } from '../../src/core/workspace/provision.ts';
import { defaultNode, findSource, type Workspace } from '../../src/core/workspace/workspace.ts';
import type { Dialect, Services } from '../../src/dialects/dialect.ts';
import { dialects, registryOf } from '../../src/dialects/registry.ts';
import { RequestError } from '../../src/errors.ts';
import { bearerToken } from '../../src/http/access.ts';
import { ingestOperation, submissionOf } from '../../src/http/ingest-operation.ts';
import { type Guard, registerOperations } from '../../src/http/operation.ts';
import { compileAllButBodies } from '../../src/http/validation.ts';
import type { Prepared } from '../../src/ingest/item.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { inject } from '../helpers/vendor-client.ts';

/** A real one adds itself to the type in its `provision.ts`; one of a test would be there for all of the code. */
const name = 'pebble' as string as DialectName;

/** All that a sixth vendor is: what would be its folder. One route, one key, one source. */
const provision = {
  dialect: name,
  source: {
    kind: 'beach',
    takes: 'events',
    form: /^beach-\d+$/,
    makeId: (taken) => `beach-${taken.length + 1}`,
    first: { name: 'First beach' },
  },
  keys: { roles: ['thrower'], make: () => `pebble-${crypto.randomUUID()}` },
  credentials: { key: { is: 'key', role: 'thrower' }, beach: { is: 'source-id' } },
} as const satisfies Provision;

interface Throw {
  readonly by: string;
  readonly beach: string;
}

const thrower: Guard<Services, Access> = {
  admit: async (services, request) => {
    const access = await services.authenticator.authenticate(name, bearerToken(request));
    if (!access) throw new RequestError('unauthenticated');
    request.access = access;
    return access;
  },
};

function prepare(workspace: Workspace, { by, beach }: Throw, receivedAt: number): Prepared {
  const event = { type: 'throw', typeVersion: null, occurredAt: receivedAt, context: null, detail: null };
  const sourceId = findSource(workspace, name, 'beach', beach)?.id ?? null;
  return {
    kind: 'event',
    nodeId: defaultNode(workspace, name).id,
    subject: { keys: [{ kind: 'user', value: by }], contacts: [], anonymous: false, expects: 'any' },
    event: { ...event, sourceId, properties: { beach }, metrics: [] },
  };
}

function readingOf(body: Throw) {
  return {
    source: { kind: 'beach', externalId: body.beach },
    size: 1,
    carriesEvents: true,
    prepare: (workspace: Workspace, receivedAt: number) => [prepare(workspace, body, receivedAt)],
  };
}

const throwPebble = ingestOperation({
  dialect: name,
  method: 'POST',
  path: '/pebble/throws',
  summary: 'Throw a pebble',
  guard: thrower,
  documents: { body: Type.Object({ by: Type.String(), beach: Type.String() }) },
  status: 202,
  read: ({ request }) => readingOf(JSON.parse(request.rawBody) as Throw),
  present: () => ({ splash: true }),
});

const pebble: Dialect = {
  name,
  provision,
  settings: Type.Object({ wet: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
  rateGroups: [],
  owns: (path) => path.startsWith('/pebble/'),
  register: (app, services) =>
    registerOperations(app, services, [throwPebble], { tag: 'Pebble', compile: compileAllButBodies }),
  presentError: ({ status, code }) => ({ status, body: { splash: false, why: code } }),
  replay: ({ raw, receivedAt }) => {
    const text = Buffer.from(raw).toString();
    return submissionOf(name, readingOf(JSON.parse(text) as Throw), text, receivedAt.getTime());
  },
};

const registry = registryOf([...dialects, pebble]);

let database: TestDatabase;
let app: App;
let administrator: string;

before(async () => {
  database = await createTestDatabase();
  const logger = pino({ level: 'fatal' });
  app = await buildApp(loadConfig({}, []), database.database, logger, systemClock, registry);
  administrator = (await issueAdministratorKey(database.database, 'test', new Date())).secret;
});
after(async () => {
  await app.close();
  await database.drop();
});

async function ask(method: 'GET' | 'POST', path: string, token: string, payload?: object) {
  const headers = { authorization: `Bearer ${token}` };
  const { status, body } = await inject({ app }, { method, url: path, headers, body: payload });
  return { status, body };
}

const native = (path: string, payload?: object) =>
  ask(payload ? 'POST' : 'GET', `/throughline/v1${path}`, administrator, payload);

describe('a sixth dialect, which is a folder and a line in the registry', () => {
  it('is in a new workspace from the start: node, source, key, and its event is stored and read back', async () => {
    const made = await native('/workspaces', { slug: 'shore', dialects: { pebble: { wet: true } } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const { key, beach } = made.body.credentials.pebble;
    assert.match(key, /^pebble-/);
    assert.equal(beach, 'beach-1');
    assert.deepEqual(await ask('POST', '/pebble/throws', key, { by: 'ada', beach }), {
      status: 202,
      body: { splash: true },
    });
    assert.deepEqual(await ask('POST', '/pebble/throws', 'wrong', { by: 'ada', beach }), {
      status: 401,
      body: { splash: false, why: 'unauthenticated' },
    });
    const { events } = (await native('/workspaces/shore/events')).body;
    assert.deepEqual(
      events.map(({ dialect, type, properties }: Record<string, unknown>) => [dialect, type, properties]),
      [['pebble', 'throw', { beach }]],
    );
  });

  it('has keys, sources and names by the native API as the others do', async () => {
    const key = await native('/workspaces/shore/keys', { dialect: 'pebble', name: 'more' });
    assert.match(key.body.secret, /^pebble-/);
    assert.equal(key.body.key.role, 'thrower');
    const source = await native('/workspaces/shore/sources', { dialect: 'pebble', name: 'Second' });
    assert.equal(source.body.source.externalId, 'beach-2');
    assert.equal(source.body.secrets, null);
    const { bindings } = (await native('/workspaces/shore/bindings')).body;
    const beaches = bindings.filter(({ dialect }: { dialect: string }) => dialect === 'pebble');
    assert.deepEqual(
      beaches.map(({ externalId }: { externalId: string }) => externalId),
      ['beach-1', 'beach-2'],
    );
    const wrong = await native('/workspaces', { slug: 'dune', dialects: { pebble: { wet: 'very' } } });
    assert.equal(wrong.body.error.path, 'body/dialects/pebble/wet');
  });

  it('comes into workspaces that were made before it', async () => {
    const older = { slug: 'older', name: 'Older', timezone: 'UTC', currency: 'EUR' };
    await createWorkspace(database.database, older, new Date(), dialects);
    const pebbles = async () => {
      const { nodes } = (await native('/workspaces/older/nodes')).body;
      return nodes.filter(({ dialect }: { dialect: string }) => dialect === 'pebble').length;
    };
    assert.equal(await pebbles(), 0);
    for (const _ of ['at a start', 'at the next one'])
      await prepareWorkspaces(app.services, registry.dialects);
    assert.equal(await pebbles(), 1);
    const { body } = await native('/workspaces/older/keys', { dialect: 'pebble', name: 'late' });
    const thrown = await ask('POST', '/pebble/throws', body.secret, { by: 'bob', beach: 'beach-1' });
    assert.equal(thrown.status, 202);
    const { events } = (await native('/workspaces/older/events')).body;
    assert.equal(events.length, 1);
  });
});
