import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { deriveMemberships } from '../../src/core/link/link.ts';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { disturbCommits, type Fate } from '../helpers/disturb-commits.ts';
import { ask, at } from '../helpers/native-client.ts';
import { Store } from '../helpers/store.ts';
import { sendWebengage, sessionOf, subjectOf, submit, workspaceKey } from './helpers.ts';

const test = await useApp();
const { workspace } = test;

async function profileOf(user: string): Promise<string> {
  const { body } = await ask(test, 'GET', at(workspace, `/people/lookup?kind=user&value=${user}`));
  return body.profiles.find((profile: { keys: { value: string }[] }) =>
    profile.keys.some(({ value }) => value === user),
  ).id;
}

async function personOf(profileId: string): Promise<string> {
  return (await ask(test, 'GET', at(workspace, `/people/${profileId}`))).body.id;
}

const join = (first: string, second: string, dryRun = false) =>
  ask(test, 'POST', at(workspace, '/links'), { body: { first, second, dryRun } });
const undo = (linkId: string, body?: object) =>
  ask(test, 'POST', at(workspace, `/links/${linkId}/undo`), body ? { body } : {});

describe('POST /workspaces/{workspace}/links and its undo', () => {
  let ada: string;
  let grace: string;
  before(async () => {
    await sendWebengage(test, workspace, { userId: 'ada', firstName: 'Ada', email: 'ada@example.com' });
    await sendWebengage(test, workspace, { userId: 'grace', firstName: 'Grace' });
    ada = await profileOf('ada');
    grace = await profileOf('grace');
  });
  it('says in a dry run what would move, and moves nothing', async () => {
    const { status, body } = await join(grace, ada, true);
    assert.equal(status, 200);
    assert.equal(body.operation, 'create');
    assert.equal(body.link.id, null);
    assert.deepEqual(body.moves, [
      { profileId: grace, from: { record: grace, person: grace }, to: { record: ada, person: ada } },
    ]);
    assert.equal(await personOf(grace), grace);
  });
  it('joins, lists the link, and puts everything back by undoing', async () => {
    const joined = await join(grace, ada);
    assert.equal(joined.status, 201);
    assert.equal(await personOf(grace), ada);
    assert.equal((await join(ada, grace)).body.operation, 'none');
    const { links } = (await ask(test, 'GET', at(workspace, `/people/${grace}/links`))).body;
    assert.deepEqual(
      links.map(({ id }: { id: string }) => id),
      [joined.body.link.id],
    );
    assert.equal((await undo(joined.body.link.id, { dryRun: true })).body.operation, 'undo');
    assert.equal(await personOf(grace), ada);
    const undone = await undo(joined.body.link.id);
    assert.equal(undone.status, 200);
    assert.deepEqual(undone.body.stillHeldBy, []);
    assert.equal(await personOf(grace), grace);
    assert.equal((await undo(joined.body.link.id)).status, 409);
    const again = await join(ada, grace);
    assert.equal(again.body.operation, 'redo');
    assert.equal(again.body.link.id, joined.body.link.id);
  });
  it('names the other link that still holds two profiles together', async () => {
    await sendWebengage(test, workspace, { userId: 'grace', email: 'ada@example.com' });
    const { links } = (await ask(test, 'GET', at(workspace, `/people/${ada}/links`))).body;
    const manual = links.find(({ origin }: { origin: string }) => origin === 'manual');
    const { body } = await undo(manual.id);
    assert.deepEqual(
      body.stillHeldBy.map(
        ({ origin, evidence }: { origin: string; evidence: string }) => `${origin} ${evidence}`,
      ),
      ['shared-key email'],
    );
    assert.equal(await personOf(grace), ada);
  });
  it('refuses one profile, profiles and links that are not there, and the keys of others', async () => {
    const nobody = workspace.created.publicId;
    assert.equal((await join(ada, ada)).status, 400);
    assert.equal((await join(ada, nobody)).status, 404);
    assert.equal((await undo(nobody)).status, 404);
    assert.equal((await ask(test, 'POST', at(workspace, '/links'), { body: { first: ada } })).status, 400);
    assert.equal((await ask(test, 'GET', at(workspace, `/people/${nobody}/links`))).status, 404);
    const other = await test.addWorkspace();
    const foreign = await workspaceKey(test, other);
    const { links } = (await ask(test, 'GET', at(workspace, `/people/${ada}/links`))).body;
    for (const key of [foreign, null]) {
      const status = key === null ? 401 : 404;
      const body = { first: ada, second: grace };
      assert.equal((await ask(test, 'POST', at(workspace, '/links'), { key, body })).status, status);
      assert.equal(
        (await ask(test, 'POST', at(workspace, `/links/${links[0].id}/undo`), { key })).status,
        status,
      );
      assert.equal((await ask(test, 'GET', at(workspace, `/people/${ada}/links`), { key })).status, status);
    }
    const body = { first: ada, second: grace };
    assert.equal((await ask(test, 'POST', at(other, '/links'), { key: foreign, body })).status, 404);
    assert.equal(
      (await ask(test, 'POST', at(other, `/links/${links[0].id}/undo`), { key: foreign })).status,
      404,
    );
  });
});

describe('an undo whose commit is disturbed', () => {
  let fate: Fate = 'answered';
  before(() =>
    disturbCommits(test.app.services.database.sessions, () => {
      const now = fate;
      fate = 'answered';
      return now;
    }),
  );

  it('is answered as done when it took place, and to be tried again when it did not', async () => {
    for (const user of ['joan', 'mary']) await sendWebengage(test, workspace, { userId: user });
    const [joan, mary] = [await profileOf('joan'), await profileOf('mary')];
    const { link } = (await join(joan, mary)).body;
    fate = 'cut';
    const refused = await undo(link.id);
    assert.equal(refused.status, 503);
    assert.equal(await personOf(mary), await personOf(joan), 'nothing of it is stored');
    fate = 'answer-lost';
    const undone = await undo(link.id);
    assert.equal(undone.status, 200);
    assert.equal(undone.body.operation, 'undo');
    assert.notEqual(await personOf(mary), await personOf(joan));
    assert.equal((await undo(link.id)).status, 409);
  });
});

/** Everything made anew from the links, the slow way. Answers the profiles and the active links. */
async function assertAsDerived(
  where: TestWorkspace,
  step: string,
): Promise<{ profiles: string[]; links: string[] }> {
  const store = new Store(test, where);
  const profiles = await store.profiles();
  const active = (await store.links()).filter(({ undoneAt }) => undoneAt === null);
  const derived = deriveMemberships(
    profiles,
    active.map(({ first, second, ...link }) => ({ ...link, firstProfile: first, secondProfile: second })),
  );
  for (const { id, recordId: record, personId: person } of profiles)
    assert.deepEqual({ record, person }, derived.get(id), `${step}: ${id}`);
  return { profiles: profiles.map(({ id }) => id), links: active.map(({ id }) => id) };
}

describe('random histories of events, bindings, joins and undos', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`leave each profile where the links put it (history ${seed})`, async () => {
      const where = await test.addWorkspace();
      let state = seed;
      const pick = (below: number) => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return Math.floor((state / 2147483648) * below);
      };
      for (let index = 0; index < 60; index++) {
        const subject = subjectOf(
          'user',
          `u${pick(6)}`,
          pick(3) ? {} : { contacts: [{ kind: 'email', value: `e${pick(4)}@example.com` }] },
        );
        const companions = [sessionOf(`s${pick(5)}`)];
        const kind = pick(4);
        if (kind === 0) await submit(test, where, { subject });
        else if (kind === 1) await submit(test, where, { subject, companions });
        else {
          const { profiles, links } = await assertAsDerived(where, `step ${index}`);
          const link = links[pick(links.length)];
          const [first, second] = [profiles[pick(profiles.length)], profiles[pick(profiles.length)]];
          if (kind === 2 && link) await ask(test, 'POST', at(where, `/links/${link}/undo`));
          else if (first && second && first !== second)
            await ask(test, 'POST', at(where, '/links'), { body: { first, second } });
        }
      }
      await assertAsDerived(where, 'the end');
    });
  }
});
