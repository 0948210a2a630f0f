import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { joinProfiles, undoLink } from '../../../src/change/link.ts';
import type { Key } from '../../../src/core/identity/identity.ts';
import { type Attributes, attributeValues, mergeAttributes } from '../../../src/core/profile/attributes.ts';
import type { WorkspaceId } from '../../../src/core/workspace/workspace.ts';
import fc from '../../helpers/fast-check.ts';
import { nothingFollows } from '../../helpers/links.ts';
import { committed, type Engine, nodes, startEngine, submissionOf } from '../../ingest/engine.ts';
import {
  type CompanionPlan,
  evidenceText,
  itemOf,
  replay,
  type Step,
  type SubjectPlan,
  type World,
} from './replay.ts';

const histories = 100;

let engine: Engine;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

const key = (kind: Key['kind'], values: number): fc.Arbitrary<Key> =>
  fc.integer({ min: 1, max: values }).map((value) => ({ kind, value: `${kind}-${value}` }));
const contacts = fc.uniqueArray(fc.oneof(key('email', 2), key('phone', 2)), {
  maxLength: 2,
  selector: ({ kind }) => kind,
});
const write = fc.dictionary(fc.constantFrom('city', 'name'), fc.constantFrom('x', 'y', 'z'), { maxKeys: 2 });
const known: fc.Arbitrary<SubjectPlan> = fc.record({
  keys: fc.oneof(
    fc.tuple(key('user', 3)),
    fc.tuple(key('email', 2)),
    fc.tuple(key('user', 3), key('external', 2)),
    fc.tuple(key('email', 2), key('external', 2), key('user', 3)),
  ),
  contacts,
  anonymous: fc.constant(false),
  unitesKeys: fc.boolean(),
  write,
});
const fieldKey = (field: string) =>
  fc.integer({ min: 1, max: 3 }).map((value): Key => ({ kind: 'field', value: `${field}\n${value}` }));
/** Known by discriminant fields, as Webmarketer's users are. */
const knownByFields: fc.Arbitrary<SubjectPlan> = fc.record({
  keys: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fieldKey('mail')) },
    { weight: 2, arbitrary: fc.tuple(fieldKey('call')) },
    { weight: 1, arbitrary: fc.tuple(fieldKey('mail'), fieldKey('call')) },
  ),
  contacts: fc.constant([]),
  anonymous: fc.constant(false),
  unitesKeys: fc.constant(true),
  write,
});
/** A kind of anonymous key binds in one way, as it does in every dialect. */
const companion = (kind: 'session' | 'tracker', binding: fc.Arbitrary<CompanionPlan['binding']>) =>
  fc.record<CompanionPlan>({ keys: fc.tuple(key(kind, 3)), binding });
const bound = companion(
  'session',
  fc.record({
    when: fc.constantFrom('always' as const, 'when-new' as const),
    follows: fc.constantFrom('one-record' as const, 'claimed-record' as const),
  }),
);
const tracker = companion('tracker', fc.constant({ when: 'when-new', follows: 'fields-agree' }));
const unbound = fc.record<SubjectPlan>({
  keys: fc.tuple(fc.oneof(key('session', 3), key('visitor', 3))),
  contacts: fc.constant([]),
  anonymous: fc.constant(true),
  unitesKeys: fc.constant(false),
  write,
});
const alone = fc.constant(null);

const event = fc
  .record({
    kind: fc.constant('event' as const),
    nodeId: fc.constantFrom<number>(nodes.webengage, nodes.octeth, nodes.signals),
    who: fc.oneof(
      { weight: 3, arbitrary: fc.tuple(known, alone) },
      { weight: 4, arbitrary: fc.tuple(known, bound) },
      { weight: 4, arbitrary: fc.tuple(knownByFields, tracker) },
      { weight: 1, arbitrary: fc.tuple(knownByFields, alone) },
      { weight: 1, arbitrary: fc.tuple(unbound, alone) },
    ),
  })
  .map(({ who: [subject, companion], ...event }) => ({ ...event, subject, companion }));
type Action = Extract<Step, { kind: 'event' }> | { kind: 'join' | 'undo'; a: number; b: number };
const pick = fc.nat({ max: 1000 });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: event },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('join' as const), a: pick, b: pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo' as const), a: pick, b: pick }) },
);

/** One node's people and few browsers, so that keys and claims often speak of the same one. */
const claimedEvent = fc
  .record({
    subject: fc.record<SubjectPlan>({
      keys: fc.tuple(key('user', 3)),
      contacts: fc.constant([]),
      anonymous: fc.constant(false),
      unitesKeys: fc.constant(false),
      write,
    }),
    session: key('session', 2),
    follows: fc.constantFrom('one-record' as const, 'claimed-record' as const),
  })
  .map(({ subject, session, follows }) => ({
    kind: 'event' as const,
    nodeId: nodes.octeth,
    subject,
    companion: { keys: [session], binding: { when: 'always' as const, follows } },
  }));
const claimedAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: claimedEvent },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('join' as const), a: pick, b: pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo' as const), a: pick, b: pick }) },
);

interface StoredProfile {
  readonly id: string;
  readonly record_id: string;
  readonly person_id: string;
  readonly attributes: Attributes;
  readonly events: number;
}

async function readProfiles(workspaceId: WorkspaceId): Promise<StoredProfile[]> {
  return engine.database.query<StoredProfile>(
    `select id, record_id, person_id, attributes,
            (select count(*) from event e where e.workspace_id = $1 and e.profile_id = p.id) as events
       from profile p where workspace_id = $1 order by created_seq`,
    [workspaceId],
  );
}

function worldOf(profiles: readonly StoredProfile[]): World {
  const place = new Map(profiles.map((profile, index) => [profile.id, index]));
  const events: Record<number, number> = {};
  for (const profile of profiles) {
    const person = place.get(profile.person_id)!;
    events[person] = (events[person] ?? 0) + profile.events;
  }
  const shownBy = (recordId: string) => {
    const members = profiles.filter((profile) => profile.record_id === recordId);
    const merged = mergeAttributes(members.map((member) => member.attributes));
    return { ...attributeValues(merged) } as Record<string, string>;
  };
  return {
    memberships: profiles.map(({ record_id, person_id }) => ({
      record: place.get(record_id)!,
      person: place.get(person_id)!,
    })),
    shown: profiles.map((profile) => shownBy(profile.record_id)),
    events,
  };
}

/** The links there are, undone ones too, by the name of their evidence; newest last. */
async function readLinks(workspaceId: WorkspaceId, profiles: readonly StoredProfile[]) {
  const place = new Map(profiles.map((profile, index) => [profile.id, index]));
  const rows = await engine.database.query<{
    id: string;
    first_profile: string;
    second_profile: string;
    scope: string;
    evidence: string;
    exclusive: boolean;
    undone_at: Date | null;
  }>(
    'select id, first_profile, second_profile, scope, evidence, exclusive, undone_at from link where workspace_id = $1 order by created_seq',
    [workspaceId],
  );
  return rows.map((row) => ({
    id: row.id,
    undone: row.undone_at !== null,
    first: row.first_profile,
    second: row.second_profile,
    text: evidenceText({
      ...row,
      first: place.get(row.first_profile)!,
      second: place.get(row.second_profile)!,
    }),
  }));
}

test(`after each undo in ${histories} random histories everything is as if that link had never been`, {
  timeout: 60_000,
}, async () => {
  let undos = 0;
  const property = fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 14 }), async (actions) => {
    undos += await playAndCompare(actions);
  });
  await fc.assert(property, { numRuns: histories });
  assert.ok(undos > histories / 2, `only ${undos} links were undone`);
});

test('what a key says of a browser counts before what the browser claims, in any order and with any of it undone', {
  timeout: 60_000,
}, async () => {
  const property = fc.asyncProperty(
    fc.array(claimedAction, { minLength: 4, maxLength: 12 }),
    async (actions) => {
      await playAndCompare(actions);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

/** Plays a history in the engine; after each undo, and at the end, compares it with the model. How many links it undid. */
async function playAndCompare(actions: readonly Action[]): Promise<number> {
  const workspaceId = await engine.addWorkspace();
  const steps: Step[] = [];
  const undone = new Set<string>();
  let undos = 0;
  const compare = async () => {
    const profiles = await readProfiles(workspaceId);
    assert.deepEqual(
      worldOf(profiles),
      replay(steps, undone, (profile) => profiles[profile]!.id),
    );
  };
  for (const current of actions) {
    if (current.kind === 'event') {
      committed(await engine.ingest.submit(workspaceId, submissionOf(itemOf(current))));
      steps.push(current);
      continue;
    }
    const profiles = await readProfiles(workspaceId);
    if (current.kind === 'undo') {
      const text = await undoOne(workspaceId, profiles, current.a);
      if (text === undefined) continue;
      undone.add(text);
      undos++;
      await compare();
    } else if (profiles.length > 1) {
      const step = await joinTwo(workspaceId, profiles, current, undone);
      if (step) steps.push(step);
    }
  }
  await compare();
  return undos;
}

/** The dry run tells what the undo then does. */
async function undoOne(
  workspaceId: WorkspaceId,
  profiles: readonly StoredProfile[],
  choice: number,
): Promise<string | undefined> {
  const active = (await readLinks(workspaceId, profiles)).filter((link) => !link.undone);
  const link = active[choice % active.length];
  if (!link) return undefined;
  const now = new Date();
  const dry = await undoLink(engine.database, workspaceId, link.id, { dryRun: true, now, ...nothingFollows });
  const change = await undoLink(engine.database, workspaceId, link.id, {
    dryRun: false,
    now,
    ...nothingFollows,
  });
  assert.deepEqual(change?.moves, dry?.moves);
  const after = await readProfiles(workspaceId);
  const personOf = (id: string) => after.find((profile) => profile.id === id)!.person_id;
  assert.equal(
    change!.stillHeldBy.length > 0,
    personOf(link.first) === personOf(link.second),
    'it names what still holds the two together',
  );
  assert.equal(
    await undoLink(engine.database, workspaceId, link.id, { dryRun: false, now, ...nothingFollows }),
    undefined,
  );
  return link.text;
}

async function joinTwo(
  workspaceId: WorkspaceId,
  profiles: readonly StoredProfile[],
  choice: { a: number; b: number },
  undone: Set<string>,
): Promise<Step | undefined> {
  const a = choice.a % profiles.length;
  const b = choice.b % profiles.length;
  const options = { dryRun: false, now: new Date(), ...nothingFollows };
  const change = await joinProfiles(engine.database, workspaceId, profiles[a]!.id, profiles[b]!.id, options);
  if (a === b) {
    assert.equal(change, undefined);
    return undefined;
  }
  // Joined again by hand, it is as if it had not been undone.
  const { scope, evidence, exclusive } = change!.link;
  undone.delete(evidenceText({ first: a, second: b, scope, evidence, exclusive }));
  return { kind: 'join', a, b };
}
