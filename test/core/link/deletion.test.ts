import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { deleteEventsOfProfiles, removeRecords } from '../../../src/change/delete-record.ts';
import { forgetPerson } from '../../../src/change/forget-person.ts';
import { joinProfiles, undoLink, withdrawLink } from '../../../src/change/link.ts';
import type { DialectName } from '../../../src/core/dialect-name.ts';
import { ErasureKeyFile } from '../../../src/core/erasure/erasure-key.ts';
import type { Key } from '../../../src/core/identity/identity.ts';
import { deriveMemberships } from '../../../src/core/link/link.ts';
import { readLinksOfProfiles } from '../../../src/core/link/link-store.ts';
import { changeWorkspace } from '../../../src/core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../../src/core/workspace/workspace.ts';
import { WorkspaceCache } from '../../../src/core/workspace/workspace-cache.ts';
import { projections, workspaceParts } from '../../../src/dialects/registry.ts';
import type { EditItem, EventItem } from '../../../src/ingest/item.ts';
import { followedBy } from '../../../src/projections/follow-events.ts';
import { followMoves } from '../../../src/projections/follow-moves.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { committed, makeIngest, nodes, startEngine, submissionOf } from '../../ingest/engine.ts';
import { claimedEvent, eventAt, pick } from './arbitraries.ts';
import { type CompanionPlan, itemOf } from './replay.ts';

const engine = await startEngine();
const { database } = engine;
const dataDir = await mkdtemp(join(tmpdir(), 'tl-links-'));
after(async () => {
  await engine.close();
  await rm(dataDir, { recursive: true, force: true });
});
const erasureKey = new ErasureKeyFile(dataDir);
const workspaces = new WorkspaceCache(database, workspaceParts);
const services = { database, workspaces, projections, erasureKey, config: { dataDir } };
// Who was forgotten comes again under the same keys: as somebody new, with whom nothing that was may be left.
const ingest = makeIngest(database, undefined, {}, { key: erasureKey, rules: new Map() });

const dialectOf = new Map<number, DialectName>([
  [nodes.contacthub, 'contacthub'],
  [nodes.octeth, 'octeth'],
  [nodes.signals, 'signals'],
]);
const event = eventAt(...dialectOf.keys());
const step = fc.oneof(
  { weight: 8, arbitrary: event },
  { weight: 4, arbitrary: claimedEvent },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), a: pick, b: pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), link: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), link: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      records: fc.array(pick, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), profile: pick }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface StoredProfile {
  readonly id: string;
  readonly nodeId: number;
  readonly anonymous: boolean;
  readonly createdSeq: number;
  readonly record: string;
  readonly person: string;
  readonly removal: 'deleted' | 'forgotten' | null;
}

/** A workspace whose people come in, are linked and parted, and go. */
class History {
  readonly #id: WorkspaceId;

  constructor(id: WorkspaceId) {
    this.#id = id;
  }

  async do(step: Step): Promise<void> {
    const profiles = await this.#readProfiles();
    const links = await readLinksOfProfiles(
      database,
      this.#id,
      profiles.map(({ id }) => id),
    );
    const options = { dryRun: false, now: new Date(), followMoves: followMoves(services) };
    switch (step.kind) {
      case 'event':
        committed(
          await ingest.submit(
            this.#id,
            submissionOf(sentBy(step), { dialect: dialectOf.get(step.nodeId) ?? 'octeth' }),
          ),
        );
        return;
      case 'join': {
        const [a, b] = [at(profiles, step.a), at(profiles, step.b)];
        if (a && b) await joinProfiles(database, this.#id, a.id, b.id, options);
        return;
      }
      case 'undo': {
        const link = at(links, step.link);
        if (!link) return;
        const undone = await undoLink(database, this.#id, link.id, options);
        const isGone = profiles.find(({ id }) => id === link.firstProfile)?.removal !== null;
        assert.equal(undone !== undefined, !isGone && link.undoneAt === null);
        return;
      }
      case 'withdraw': {
        const link = at(links, step.link);
        if (link) await withdrawLink(database, this.#id, link.id, options);
        return;
      }
      case 'delete': {
        const chosen = step.records.flatMap((choice) => at(profiles, choice) ?? []);
        await this.#delete(chosen.filter(({ nodeId }) => nodeId === chosen[0]?.nodeId));
        await this.#assertNobodyJoined(profiles);
        return;
      }
      case 'forget': {
        const profile = at(profiles, step.profile);
        if (!profile) return;
        const request = { profileId: profile.id, requestedBy: 'test' };
        await forgetPerson(services, await workspaces.get(this.#id), request, options.now);
        await this.#assertNobodyJoined(profiles);
      }
    }
  }

  async #delete(profiles: readonly StoredProfile[]): Promise<void> {
    const workspace = await workspaces.get(this.#id);
    await changeWorkspace({ database }, this.#id, new Date(), async (change) => {
      const records = [...new Set(profiles.map(({ record }) => record))];
      const ids = await removeRecords(services, change, workspace, records);
      await deleteEventsOfProfiles(followedBy(projections, change), workspace, ids);
    });
  }

  /** Whoever is one record or person now was so before: who goes joins nobody else. */
  async #assertNobodyJoined(before: readonly StoredProfile[]): Promise<void> {
    const was = new Map(before.map((profile) => [profile.id, profile]));
    const now = await this.#readProfiles();
    for (const level of ['record', 'person'] as const)
      for (const members of Map.groupBy(now, (profile) => profile[level]).values())
        assert.equal(new Set(members.map(({ id }) => was.get(id)?.[level])).size, 1);
  }

  /** Everything is what follows from all links that there are, derived at once, and none leads from who is gone to who is not. */
  async assertDerived(): Promise<void> {
    const profiles = await this.#readProfiles();
    const ids = profiles.map(({ id }) => id);
    const links = await readLinksOfProfiles(database, this.#id, ids);
    const active = links.filter(({ undoneAt }) => undoneAt === null);
    const stored = profiles.map(({ id, record, person }) => [id, { record, person }] as const);
    assert.deepEqual(new Map(stored), deriveMemberships(profiles, active));
    const removals = new Map(profiles.map(({ id, removal }) => [id, removal]));
    for (const { firstProfile, secondProfile } of links) {
      assert.equal(removals.get(firstProfile), removals.get(secondProfile));
      assert.notEqual(removals.get(firstProfile), 'forgotten');
    }
  }

  async assertVerified(): Promise<void> {
    const { checks } = await verifyWorkspace(database, this.#id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
  }

  #readProfiles(): Promise<StoredProfile[]> {
    return database.query<StoredProfile>(
      `select id, node_id as "nodeId", anonymous, created_seq as "createdSeq", record_id as record, person_id as person,
              case when forgotten_at is not null then 'forgotten' when deleted_at is not null then 'deleted' end as removal
         from profile where workspace_id = $1 order by created_seq`,
      [this.#id],
    );
  }
}

/** A customer is written without an event: those of its dialect have projections of their own. */
function sentBy(step: Extract<Step, { kind: 'event' }>): EventItem | EditItem {
  const item = itemOf(step);
  if (step.nodeId !== nodes.contacthub) return item;
  const { nodeId, subject, companions } = item;
  const changes = step.subject.write;
  return {
    kind: 'edit',
    nodeId,
    subject,
    ...(companions && { companions }),
    edit: () => ({ kind: 'edited', changes }),
  };
}

function at<Some>(list: readonly Some[], choice: number): Some | undefined {
  return list[choice % Math.max(list.length, 1)];
}

/** Somebody with an address that all three have. */
function addressed(key: Key, companion: CompanionPlan | null): Step {
  const contacts = [{ kind: 'email', value: 'email-1' } as const];
  const subject = { keys: [key], contacts, anonymous: false, unitesKeys: false, write: {} };
  return { kind: 'event', nodeId: nodes.octeth, subject, companion };
}

const browser: CompanionPlan = {
  keys: [{ kind: 'tracker', value: 'tracker-1' }],
  binding: { when: 'when-new', follows: 'fields-agree' },
};
/** The browser's second user was parted from its first; once the first is gone, nor is he one person with whom the address had joined to that one. */
const parted: Step[] = [
  addressed({ kind: 'field', value: 'mail\n1' }, browser),
  addressed({ kind: 'user', value: 'user-1' }, null),
  addressed({ kind: 'field', value: 'mail\n2' }, browser),
  { kind: 'undo', link: 2 },
  { kind: 'delete', records: [0] },
];

test('whoever is linked, parted, deleted or forgotten, everybody is whose the links that are left say', {
  timeout: 180_000,
}, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
    const history = new History(await engine.addWorkspace());
    for (const one of steps) {
      await history.do(one);
      await history.assertDerived();
    }
    await history.assertVerified();
  });
  await fc.assert(property, { numRuns: 40, examples: [[parted]] });
});
