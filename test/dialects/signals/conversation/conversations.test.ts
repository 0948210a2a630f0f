import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { undoLink } from '../../../../src/change/link.ts';
import { conversions } from '../../../../src/core/attribution/conversion-store.ts';
import { addSource } from '../../../../src/core/source/add-source.ts';
import type { Workspace, WorkspaceId } from '../../../../src/core/workspace/workspace.ts';
import { WorkspaceCache } from '../../../../src/core/workspace/workspace-cache.ts';
import { WorkspaceParts } from '../../../../src/core/workspace/workspace-part.ts';
import { prepareMessage } from '../../../../src/dialects/signals/api/webhook/prepare.ts';
import { leadNameState, leadStateName } from '../../../../src/dialects/signals/conversation/lead-state.ts';
import { checkConversations } from '../../../../src/dialects/signals/conversation/projection/check-conversations.ts';
import { conversations } from '../../../../src/dialects/signals/conversation/projection/conversations.ts';
import { conversationsInBatch } from '../../../../src/dialects/signals/conversation/projection/decide-conversation.ts';
import { rebuildConversations } from '../../../../src/dialects/signals/conversation/projection/rebuild-conversations.ts';
import { recountJob } from '../../../../src/dialects/signals/conversation/projection/recount-leads.ts';
import { requestRecount } from '../../../../src/dialects/signals/conversation/recount.ts';
import type {
  ConversationRules,
  Conversion,
  TextRule,
} from '../../../../src/dialects/signals/conversation/rules.ts';
import { conversationRules } from '../../../../src/dialects/signals/conversion/conversation-rules-store.ts';
import { provision } from '../../../../src/dialects/signals/provision.ts';
import { Ingest } from '../../../../src/ingest/ingest.ts';
import type { Submission } from '../../../../src/ingest/submission.ts';
import { JobRunner } from '../../../../src/jobs/run-jobs.ts';
import { followMoves } from '../../../../src/projections/follow-moves.ts';
import type { Queryable } from '../../../../src/store/queryable.ts';
import fc from '../../../helpers/fast-check.ts';
import { rebuildWhole } from '../../../helpers/rebuild.ts';
import {
  blindToErasure,
  committed,
  type Engine,
  nodes,
  silent,
  startEngine,
  submissionOf,
} from '../../../ingest/engine.ts';
import { type Expected, expectConversations, leadsByKeys, type ToldFact } from './conversation-oracle.ts';

const hour = 60 * 60 * 1000;
const start = Date.parse('2025-03-04T00:00:00Z');
/** Two people, each known by a number, a user id, or both: what tells of both joins what was told of one. */
const senders = ['1', '2'].flatMap((person) => [
  { phone: `3360000000${person}`, userId: null },
  { phone: null, userId: `FR.${person}` },
  { phone: `3360000000${person}`, userId: `FR.${person}` },
]);

/** Configuration as it is stored, with the rules that a test sets. */
class RuledWorkspaces extends WorkspaceCache {
  rules: ConversationRules;

  constructor(connection: Queryable, rules: ConversationRules) {
    super(connection, []);
    this.rules = rules;
  }

  override async get(id: WorkspaceId): Promise<Workspace> {
    return this.#ruled(await super.get(id));
  }

  override async reload(id: WorkspaceId, connection?: Queryable): Promise<Workspace> {
    return this.#ruled(await super.reload(id, connection));
  }

  #ruled(workspace: Workspace): Workspace {
    const parts = new WorkspaceParts().set(conversationRules, this.rules).set(conversions, []);
    return { ...workspace, parts };
  }
}

interface Plan {
  readonly sender: { readonly phone: string | null; readonly userId: string | null };
  /** What comes in as a message and is none of the lead's; null: a message of the lead's. */
  readonly other: 'reaction' | 'edit' | 'group' | null;
  readonly app: 0 | 1;
  readonly at: number;
  readonly text: string | null;
  readonly choice: string | null;
  readonly name: string | null;
  readonly click: NonNullable<ToldFact['message']>['click'];
  readonly external: {
    readonly app: 0 | 1 | null;
    readonly previous: number;
    readonly amount: number | null;
  } | null;
}

/** Few times, so that many facts share one; around the ends of windows and days. */
const time = fc
  .tuple(fc.constantFrom(0, 1, 2, 3, 3, 23, 24, 25, 26, 49), fc.constantFrom(0, 0, 1000, 2000, 3000, 4000))
  .map(([hours, more]) => start + hours * hour + more);

const plan: fc.Arbitrary<Plan> = fc.record({
  sender: fc.constantFrom(...senders),
  other: fc.constantFrom<Plan['other'][]>(null, null, null, null, null, null, 'reaction', 'edit', 'group'),
  app: fc.constantFrom(0, 0, 1),
  at: time,
  text: fc.constantFrom(null, 'Hello', 'I order two', 'Order now, please', 'the menu'),
  choice: fc.constantFrom(null, null, null, 'Yes', 'No'),
  name: fc.constantFrom(null, 'Ada', 'Grace', 'Edsger'),
  click: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        origin: fc.constantFrom('ad', 'ad', 'post'),
        target: fc.constantFrom('1', '1', '2'),
        id: fc.constantFrom(null, 'a', 'b'),
      }),
    },
  ),
  external: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        app: fc.constantFrom(null, null, 0, 1),
        previous: fc.integer({ min: -2, max: 3 }),
        amount: fc.constantFrom(null, 10, 0.1, 19.99),
      }),
    },
  ),
});

const textRule: fc.Arbitrary<TextRule> = fc.record({
  type: fc.constantFrom('keyword', 'conversation'),
  value: fc.constantFrom('order', 'menu', 'HELLO'),
  adId: fc.constantFrom(null, null, '1'),
  campaignId: fc.constantFrom(null, null, 'c'),
  archivedAt: fc.constantFrom(null, null, start + 3 * hour),
  groupId: fc.constant('g'),
});

const conversion: fc.Arbitrary<Conversion> = fc
  .constantFrom<[Conversion['type'], string | null]>(
    ['keyword', 'order'],
    ['conversation', 'menu'],
    ['conversation', null],
    ['engagement', null],
    ['button', 'Yes'],
    ['button', null],
    ['converted', null],
  )
  .map(([type, typeValue]) => ({
    campaignId: 'c',
    type,
    typeValue,
    typeId: null,
    createdAt: new Date(start),
  }));

const rules: fc.Arbitrary<ConversationRules> = fc.record({
  windowMilliseconds: fc.constantFrom(2 * hour, 24 * hour),
  conversions: fc.oneof(
    fc.constant(new Map<string, Conversion>()),
    conversion.map((one) => new Map([['c', one]])),
  ),
  textRules: fc.array(textRule, { maxLength: 3 }),
  campaignOfAd: fc.constantFrom(
    new Map(),
    new Map([['1', 'c']]),
    new Map([
      ['1', 'c'],
      ['2', 'c'],
    ]),
  ),
});

/** Nothing follows from their order. */
function idOf(number: number): string {
  return `m${(number * 7919) % 1000}`;
}

/** External events name a number, which is a person's of the two. */
function phoneOf({ sender: { phone, userId } }: Plan): string {
  return phone ?? `3360000000${userId?.slice(-1)}`;
}

let engine: Engine;
let runs = 0;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

/** A workspace with two apps, an ingest by rules that can be changed, and what was sent to it. */
class Trial {
  readonly workspaces: RuledWorkspaces;
  readonly told: ToldFact[] = [];
  readonly #ingest: Ingest;
  #sent = 0;
  readonly #apps: { id: number; externalId: string }[] = [];
  readonly workspaceId: WorkspaceId;

  constructor(workspaceId: WorkspaceId, first: ConversationRules) {
    this.workspaceId = workspaceId;
    this.workspaces = new RuledWorkspaces(engine.database, first);
    const observer = { committed: () => {} };
    const limits = { queueBytes: 1 << 26 };
    this.#ingest = new Ingest(
      engine.database,
      this.workspaces,
      () => Date.now(),
      silent,
      observer,
      [],
      limits,
      blindToErasure,
    );
  }

  static async start(first: ConversationRules): Promise<Trial> {
    const trial = new Trial(await engine.addWorkspace(), first);
    const services = { database: engine.database, workspaces: trial.workspaces };
    for (const _ of [0, 1]) {
      const workspace = await trial.workspaces.get(trial.workspaceId);
      const wanted = { name: 'app', nodeId: nodes.signals, settings: {} };
      const externalId = String(500_000_000 + ++runs);
      const added = await addSource(services, provision, workspace, { ...wanted, externalId }, new Date());
      trial.#apps.push(added!.source);
    }
    return trial;
  }

  /** Delivers plans at once: the first by itself, those behind it in a batch. Some twice. */
  async deliver(plans: readonly [number, Plan][]): Promise<void> {
    await Promise.all(plans.map(([number, one]) => this.#deliverOne(number, one)));
  }

  async #deliverOne(number: number, one: Plan): Promise<void> {
    const externals = this.told.filter((fact) => fact.external);
    const previous = one.external ? (externals.at(one.external.previous)?.eventId ?? null) : null;
    const receipt = ++this.#sent;
    const submission = one.external ? this.#external(number, one, previous) : this.#message(number, one);
    const [outcome] = committed(await this.#ingest.submit(this.workspaceId, submission));
    if (outcome?.kind === 'duplicate') return;
    assert.equal(outcome?.kind, 'stored');
    const app = one.external
      ? one.external.app === null
        ? null
        : this.#apps[one.external.app]!
      : this.#apps[one.app]!;
    this.told.push({
      ...(one.external ? { phone: phoneOf(one), userId: null } : one.sender),
      receipt,
      eventId: outcome.eventId,
      profileId: outcome.profileId,
      at: one.at,
      app: app?.id ?? null,
      appId: app?.externalId ?? '',
      message: one.external
        ? null
        : {
            id: idOf(number),
            isOfLead: one.other === null,
            name: one.name,
            text: one.choice === null ? one.text : null,
            choice: one.choice,
            click: one.click,
          },
      external: one.external && { previous, amount: one.external.amount },
    });
  }

  #message(number: number, one: Plan): Submission {
    const message = {
      id: idOf(number),
      ...(one.sender.phone !== null && { from: one.sender.phone }),
      ...(one.sender.userId !== null && { from_user_id: one.sender.userId }),
      ...(one.other === 'group' && { group_id: 'g' }),
      timestamp: String(one.at / 1000),
      ...(one.choice === null
        ? { type: 'text', ...(one.text === null ? {} : { text: { body: one.text } }) }
        : { type: 'button', button: { text: one.choice } }),
      ...(one.click && {
        referral: { source_type: one.click.origin, source_id: one.click.target, ctwa_clid: one.click.id },
      }),
      ...((one.other === 'reaction' || one.other === 'edit') && { type: one.other }),
    };
    const contact = one.name === null ? undefined : { profile: { name: one.name } };
    const { externalId } = this.#apps[one.app]!;
    return submissionOf([], {
      dialect: 'signals',
      prepare: (workspace) => [prepareMessage({ message, contact }, externalId, workspace, 0)],
      dedupe: {
        scope: 'signals-message',
        hash: `${externalId}${number}`.padStart(32, '0'),
        window: 'forever',
      },
    });
  }

  #external(number: number, one: Plan, previous: string | null): Submission {
    const { app, amount } = one.external!;
    return submissionOf(
      {
        kind: 'event',
        nodeId: nodes.signals,
        subject: {
          keys: [{ kind: 'phone', value: `+${phoneOf(one)}` }],
          contacts: [],
          anonymous: false,
          expects: 'any',
          unitesKeys: true,
          states: [leadStateName, leadNameState],
        },
        event: {
          type: 'external_event',
          typeVersion: null,
          occurredAt: one.at,
          sourceId: app === null ? null : this.#apps[app]!.id,
          context: null,
          properties: {
            action: 'sold',
            ...(amount === null ? {} : { revenue: amount, currency: 'EUR' }),
            ...(previous === null ? {} : { previous_external_event_id: previous }),
          },
          detail: null,
          metrics: [],
          projections: [conversationsInBatch],
        },
      },
      {
        dialect: 'signals',
        dedupe: { scope: 'signals-message', hash: `9${String(number).padStart(31, '0')}`, window: 'forever' },
      },
    );
  }

  async recount(): Promise<void> {
    const clock = () => Date.now();
    const { workspaces } = this;
    const jobs = new JobRunner({ database: engine.database, clock, logger: silent }, () => [
      recountJob({ workspaces, clock }),
    ]);
    await requestRecount(engine.database, this.workspaceId, 'all', new Date());
    await jobs.settle();
  }

  async rebuild(): Promise<void> {
    const { workspaces, workspaceId } = this;
    await rebuildWhole(rebuildConversations, { database: engine.database, workspaces, workspaceId });
  }

  async verify() {
    return checkConversations(engine.database, await this.workspaces.get(this.workspaceId));
  }

  /** What is stored, in the oracle's words. */
  async read(): Promise<Expected> {
    const query = <Row extends object>(text: string) => engine.database.query<Row>(text, [this.workspaceId]);
    const events = await query<{ text: string }>(
      `select concat_ws(' ', c.message_id, coalesce(c.phone, 'null'), c.type, coalesce(c.type_value, 'null'), coalesce(c.ad_id, 'null'),
                        (select min(f.message_id) from conversation_event f
                          where f.workspace_id = $1 and f.conversation_id = c.conversation_id and f.type = 'conversation'
                            and f.type_value is null)) as text
         from conversation_event c where c.workspace_id = $1`,
    );
    const sales = await query<{ text: string }>(
      `select concat_ws(' ', event_id, coalesce(source_id::text, 'null'), coalesce(ad_id, 'null'), amount) as text
         from conversation_sale where workspace_id = $1`,
    );
    const days = await query<{ key: string; measure: string; total: number; sum: string }>(
      `select concat_ws(' ', source_id, ad_id, day) as key, total, sum,
              case when type_id = '' then measure else concat_ws(' ', measure, type_id, type_value) end as measure
         from conversation_day where workspace_id = $1 and (total <> 0 or sum <> 0)`,
    );
    const clicks = await query<{ text: string }>(
      `select concat_ws(' ', t.profile_id, t.detail->>'source_id', (extract(epoch from t.occurred_at) * 1000)::bigint) as text
         from touchpoint t where t.workspace_id = $1`,
    );
    const names = await query<{ id: string; name: string }>(
      `select p.id, p.attributes->'name'->>0 as name from profile p
        where p.workspace_id = $1 and p.attributes ? 'name'`,
    );
    const counts: Record<string, number> = {};
    for (const { key, measure, total, sum } of days) {
      counts[`${key} ${measure}`] = total;
      if (measure === 'sale') counts[`${key} revenue`] = Number(sum);
    }
    return {
      events: events.map(({ text }) => text).sort(),
      sales: sales.map(({ text }) => text).sort(),
      days: counts,
      clicks: clicks.map(({ text }) => text).sort(),
      names: Object.fromEntries(names.map(({ id, name }) => [id, name])),
    };
  }

  /** Undoes a link between two profiles of a lead; false when there is none. */
  async undoOne(): Promise<boolean> {
    const [link] = await engine.database.query<{ id: string }>(
      "select id from link where workspace_id = $1 and scope = 'record' and undone_at is null order by id limit 1",
      [this.workspaceId],
    );
    if (!link) return false;
    const services = { projections: [conversations], workspaces: this.workspaces, clock: () => Date.now() };
    const options = { dryRun: false, now: new Date(), followMoves: followMoves(services) };
    assert.ok(await undoLink(engine.database, this.workspaceId, link.id, options));
    return true;
  }

  /** The facts of each lead by the profiles that its links, as they are, make one. */
  async leadsByLinks(): Promise<ToldFact[][]> {
    const rows = await engine.database.query<{ id: string; record_id: string }>(
      'select id, record_id from profile where workspace_id = $1',
      [this.workspaceId],
    );
    const records = new Map(rows.map((row) => [row.id, row.record_id]));
    return [...Map.groupBy(this.told, ({ profileId }) => records.get(profileId)).values()];
  }

  expected(leads = leadsByKeys(this.told)): Expected {
    const expected = expectConversations(leads, this.workspaces.rules);
    // Sums of doubles in another order differ in the last digit; the database adds decimals.
    for (const [key, value] of Object.entries(expected.days)) expected.days[key] = Number(value.toFixed(6));
    return expected;
  }
}

describe('what follows from the messages of leads', () => {
  it('is the same whichever order they come in, in whatever batches, and after a rebuild and a recount', async () => {
    const scenario = fc.record({
      plans: fc.array(plan, { minLength: 1, maxLength: 40, size: 'max' }),
      cuts: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1 }),
      repeats: fc.array(fc.nat({ max: 39 }), { maxLength: 4 }),
      first: rules,
      second: rules,
      changesAt: fc.option(fc.nat({ max: 20 }), { nil: null, freq: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ plans, cuts, repeats, first, second, changesAt }) => {
        const trial = await Trial.start(first);
        const order: [number, Plan][] = plans.map((one, index) => [index, one]);
        for (const index of repeats) if (order[index]) order.push(order[index]);
        let sent = 0;
        for (let turn = 0; sent < order.length; turn++) {
          const size = cuts[turn % cuts.length]!;
          await trial.deliver(order.slice(sent, sent + size));
          if (changesAt !== null && sent <= changesAt && changesAt < sent + size) {
            assert.deepEqual(await trial.read(), trial.expected());
            trial.workspaces.rules = second;
          }
          sent += size;
        }
        if (trial.workspaces.rules === second) await trial.recount();
        assert.deepEqual(await trial.read(), trial.expected());
        assert.deepEqual(
          (await trial.verify()).detail,
          `conversations of ${await countLeads(trial)} leads follow from the messages`,
        );
        await trial.rebuild();
        assert.deepEqual(await trial.read(), trial.expected());
        while (await trial.undoOne()) {
          assert.deepEqual(await trial.read(), trial.expected(await trial.leadsByLinks()));
          assert.equal((await trial.verify()).ok, true);
        }
      }),
      { numRuns: Number(process.env.CONVERSATION_RUNS ?? 100) },
    );
  });
});

async function countLeads(trial: Trial): Promise<number> {
  return leadsByKeys(trial.told).length;
}
