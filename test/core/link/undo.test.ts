import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { joinProfiles, undoLink } from '../../../src/change/link.ts';
import { type Attributes, attributeValues, mergeAttributes } from '../../../src/core/profile/attributes.ts';
import type { WorkspaceId } from '../../../src/core/workspace/workspace.ts';
import fc from '../../helpers/fast-check.ts';
import { nothingFollows } from '../../helpers/links.ts';
import { committed, type Engine, startEngine, submissionOf } from '../../ingest/engine.ts';
import { type Action, action, claimedAction, claimedEventOf, trackedEventOf } from './arbitraries.ts';
import { evidenceText, itemOf, replay, type Step, type World } from './replay.ts';

const histories = 100;

let engine: Engine;

before(async () => {
  engine = await startEngine();
});
after(() => engine.close());

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
  // A shared browser parts two by their addresses. Had its first user never been there, the second would have been one with whom another
  // browser knows, whose number is then another than that of who came to it next; and who came last to it would not have been parted from it.
  const shared: Action[] = [
    trackedEventOf('tracker-1', 'mail\n2'),
    trackedEventOf('tracker-1', 'call\n1'),
    trackedEventOf('tracker-1', 'mail\n1'),
    trackedEventOf('tracker-2', 'mail\n1'),
    trackedEventOf('tracker-2', 'call\n2', 'town\n1'),
    trackedEventOf('tracker-2', 'town\n2'),
    { kind: 'undo', a: 0, b: 0 },
  ];
  await fc.assert(property, { numRuns: histories, examples: [[shared]] });
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
  // A browser goes to whom a key says it is of, with whom is joined to it; whom it had been claimed for stays, under a name of its own.
  const leaves: Action[] = [
    claimedEventOf('user-3', 'session-2', 'claimed-record'),
    claimedEventOf('user-1', 'session-1', 'claimed-record'),
    { kind: 'join', a: 0, b: 3 },
    claimedEventOf('user-2', 'session-1', 'one-record'),
  ];
  await fc.assert(property, { numRuns: 60, examples: [[leaves]] });
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
