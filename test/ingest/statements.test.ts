import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { nobody } from '../../src/core/consent/consent.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { WorkspaceCache } from '../../src/core/workspace/workspace-cache.ts';
import { activityInBatch } from '../../src/dialects/contacthub/projection/count-activity.ts';
import { workspaceParts } from '../../src/dialects/registry.ts';
import { leadStateName } from '../../src/dialects/signals/conversation/lead-state.ts';
import { conversationsInBatch } from '../../src/dialects/signals/conversation/projection/decide-conversation.ts';
import { createEventType } from '../../src/dialects/webmarketer/definition/manage-event-types.ts';
import { metricItem } from '../../src/dialects/webmarketer/metric/set-metric.ts';
import type { EventPart } from '../../src/ingest/item.ts';
import type { Parameter } from '../../src/store/queryable.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { statementsOf } from '../helpers/statements.ts';
import {
  committed,
  type Engine,
  editOf,
  eventOf,
  foreverKey,
  nodes,
  startEngine,
  subjectOf,
  submissionOf,
  userOf,
  windowKey,
} from './engine.ts';

let engine: Engine;
let workspaceId: WorkspaceId;

before(async () => {
  engine = await startEngine();
  workspaceId = engine.workspaceId;
  const { database } = engine;
  await createEventType(
    { database, workspaces: new WorkspaceCache(database, workspaceParts), clock: Date.now },
    workspaceId,
    'webmarketer',
    'sale',
    {
      name: 'Sale',
      fields: [
        {
          type: 'currency',
          entity: 'statistic',
          storageKey: 'amount',
          ingestionKey: null,
          discriminant: false,
          isPii: false,
          isMostProbableLocation: false,
          optional: true,
        },
      ],
      metadata: {},
      phoneParsingConfig: null,
      expirationPolicy: null,
      attributable: true,
    },
  );
});
after(() => engine.close());

/** Every table that belongs to workspaces, by the columns that the database has. */
async function tenantTables(): Promise<string[]> {
  const rows = await engine.database.query<{ name: string }>(
    `select c.table_name as name from information_schema.columns c
       join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
      where c.table_schema = 'public' and c.column_name = 'workspace_id' and t.table_type = 'BASE TABLE'
        and c.table_name not in ('dialect_binding', 'credential', 'account')`,
  );
  return rows.map((row) => row.name);
}

/** Runs batches of every kind and notes each statement with its parameters. */
async function recordIngest(): Promise<Map<string, readonly Parameter[]>> {
  const statements = new Map<string, readonly Parameter[]>();
  const { ingest, database } = await engine.addProcess();
  const { sessions } = database;
  const take = sessions.take.bind(sessions);
  sessions.take = async () => {
    const session = await take();
    const send = session.send.bind(session);
    session.send = (text, parameters) => {
      statements.set(text, parameters);
      return send(text, parameters);
    };
    return session;
  };
  const metric = {
    key: 'amount',
    kind: 'statistic',
    value: 1.5,
    currency: 'EUR',
    raw: 1,
    occurredAt: 0,
  } as const;
  const mail = { kind: 'email', value: 'a@a.fr' } as const;
  const rich = (user: string) =>
    eventOf(
      userOf(user, { contacts: [mail], states: ['conversation'] }),
      {
        type: `bought-${user}`,
        properties: { price: 1 },
        metrics: [metric],
        locksAttributes: true,
        complete: ({ subject: { profileId } }) => ({
          states: [{ profileId, name: 'conversation', value: { open: true } }],
        }),
      },
      {
        companions: [
          {
            keys: [{ kind: 'session', value: `session-${user}` }],
            binding: { when: 'always', follows: 'one-record' },
          },
        ],
        write: ({ values }) => ({
          visits: Number(values.visits ?? 0) + 1,
          name: `Ann ${user}`,
          'attributes.tier': 'gold',
        }),
        lockedPrefix: 'attributes.',
        keyRule: {
          kinds: ['matching'],
          of: (values) => [{ kind: 'matching', value: `${user}-${values.visits}` }],
        },
      },
    );
  const sharedDevice = (round: number) =>
    eventOf(
      subjectOf({ keys: [{ kind: 'field', value: `mail\n${round}` }] }),
      {},
      {
        companions: [
          {
            keys: [{ kind: 'tracker', value: 'device' }],
            binding: { when: 'when-new', follows: 'fields-agree' },
          },
        ],
      },
    );
  const touchpoint = {
    at: 0,
    channel: 'custom-ads',
    sourceId: 1,
    campaign: { slug: 'fair' },
    adId: null,
    cost: null,
    detail: {},
    arrival: null,
  } as const;
  for (const [round, user] of ['a', 'a', 'b', 'b'].entries()) {
    const submissions = [
      submissionOf({ ...rich(user), touchpoint }, { dedupe: foreverKey(round) }),
      submissionOf(eventOf('plain'), { dedupe: windowKey(round) }),
      submissionOf(sharedDevice(round)),
      submissionOf(eventOf('u', { properties: { bad: '\u0000' } })),
    ];
    for (const submission of submissions) committed(await ingest.submit(workspaceId, submission));
  }
  const agreeing = { act: 'consent-changed', property: 'p', value: 'true', author: nobody } as const;
  const consent = {
    ...editOf('a', {}),
    edit: () => ({ kind: 'edited', changes: { p: true }, consents: [agreeing] }) as const,
  };
  committed(await ingest.submit(workspaceId, submissionOf(consent)));
  await setMetrics(ingest);
  await converse(ingest);
  await look(ingest, metric);
  return statements;
}

/** A lead by an ad, who buys; a message that comes late has all of it folded anew. */
async function converse(ingest: Engine['ingest']): Promise<void> {
  const lead = userOf('lead', { states: [leadStateName] });
  const tell = async (at: number, part: Partial<EventPart>) => {
    const event = eventOf(lead, { occurredAt: at, sourceId: 1, ...part }, { nodeId: nodes.signals });
    const item = submissionOf(event, { dialect: 'signals' });
    assert.equal(committed(await ingest.submit(workspaceId, item))[0]?.kind, 'stored');
  };
  const write = (at: number) =>
    tell(at, {
      type: 'message',
      projections: [conversationsInBatch],
      properties: { referral: { source_type: 'ad', source_id: '7' } },
      detail: { id: `wamid.${at}`, app_id: '1', phone: '33600000001', profile_name: null },
    });
  await write(2000);
  await tell(3000, {
    type: 'external_event',
    projections: [conversationsInBatch],
    properties: { revenue: 1, currency: 'EUR' },
  });
  await write(1000);
}

/** A page of the web, with a value that is counted by where it came from. */
async function look(ingest: Engine['ingest'], metric: EventPart['metrics'][number]): Promise<void> {
  const part = {
    type: 'viewedPage',
    context: 'WEB',
    metrics: [metric],
    projections: [activityInBatch],
  } as const;
  const event = eventOf(userOf('visitor'), part, { nodeId: nodes.contacthub });
  const item = submissionOf(event, { dialect: 'contacthub' });
  assert.equal(committed(await ingest.submit(workspaceId, item))[0]?.kind, 'stored');
}

/** An amount of another currency, set twice: of the second time what it was before is kept. */
async function setMetrics(ingest: Engine['ingest']): Promise<void> {
  const occurredAt = Date.UTC(2026, 2, 1);
  const sale = { type: 'sale', typeVersion: 1, occurredAt };
  const dialect = 'webmarketer';
  const [stored] = committed(
    await ingest.submit(
      workspaceId,
      submissionOf(eventOf('u', sale, { nodeId: nodes.webmarketer }), { dialect }),
    ),
  );
  assert.equal(stored?.kind, 'stored');
  const setting = {
    eventId: stored.eventId,
    entity: 'statistic',
    key: 'amount',
    raw: { amount: 1, currency: 'USD' },
    occurredAt,
    receivedAt: occurredAt,
  } as const;
  for (let round = 0; round < 2; round++) {
    const item = submissionOf(metricItem(setting, 'EUR'), { dialect, carriesEvents: false });
    assert.equal(committed(await ingest.submit(workspaceId, item))[0]?.kind, 'measured');
  }
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

test('every statement of the way of an event finds its rows by an index', async () => {
  const tables = await tenantTables();
  const statements = await recordIngest();
  const explained: string[] = [];
  for (const [text, parameters] of statements) {
    if (!/^\s*(select|insert|update|delete)/.test(text)) continue;
    await inTransaction(engine.database, async (tx) => {
      await tx.query('set local enable_seqscan = off');
      const [row] = await tx.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `explain (format json) ${text}`,
        parameters,
      );
      for (const node of nodesOf(row!['QUERY PLAN'][0].Plan)) {
        const scanned = node['Node Type'] === 'Seq Scan' && node['Relation Name'];
        assert.ok(!scanned || !tables.includes(scanned), `${scanned} is read from end to end by:\n${text}`);
      }
    });
    explained.push(text);
  }
  for (const table of [
    ...tables.filter((name) =>
      /^(event|metric|profile|identity|link|change|dedupe|quarantine|accounting|rollup|analytics|campaign|touchpoint|conversation|consent)/.test(
        name,
      ),
    ),
  ])
    if (!/_version$|_rest$|_\d+$|^event_group$|^event_value$|_recount$/.test(table))
      assert.ok(
        explained.some((text) => text.includes(table)),
        `${table} was not met`,
      );
});

test('every statement names the workspace of each tenant table that it touches', async () => {
  const tables = (await tenantTables()).sort((a, b) => b.length - a.length);
  const names = tables.join('|');
  const reference = new RegExp(
    `\\b(?:from|join|into|update|using)\\s+(?:${names})\\b|,\\s*(?:${names})\\s+(?!text|where)[a-z]\\w*`,
    'g',
  );
  const root = join(import.meta.dirname, '../..');
  const files = globSync('src/{core,dialects,ingest,projections,query}/**/*.ts', { cwd: root });
  const wrong: string[] = [];
  let checked = 0;
  for (const file of files) {
    // A job's look at what is due in all workspaces is the one kind of statement that names none.
    if (/\/due-\w+-store\.ts$/.test(file)) continue;
    for (const text of statementsOf(join(root, file))) {
      const touched = text.match(reference)?.length ?? 0;
      if (touched === 0) continue;
      checked++;
      const named = text.match(
        /workspace_id = (?:\$\d|\w+\.workspace_id)|\(workspace_id\b|\$\{\w*[wW]here\w*\}/g,
      );
      if ((named?.length ?? 0) < touched) wrong.push(`${file}: ${text}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(checked > 40, `${checked} statements were found`);
});
