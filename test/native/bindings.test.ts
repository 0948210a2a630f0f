import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();
let other: TestWorkspace;
let own: string;

before(async () => {
  other = await test.addWorkspace();
  own = await workspaceKey(test, test.workspace);
});

const give = (where: TestWorkspace, body: object, key?: string) =>
  ask(test, 'POST', at(where, '/bindings'), { body, ...(key === undefined ? {} : { key }) });
const take = (where: TestWorkspace, name: string, key?: string) =>
  ask(test, 'DELETE', at(where, `/bindings/${name}`), key === undefined ? {} : { key });

async function namesOf(where: TestWorkspace): Promise<string[]> {
  const { body } = await ask(test, 'GET', at(where, '/bindings'));
  return body.bindings.map(({ dialect, kind, externalId }: Record<string, string>) =>
    [dialect, kind, externalId].join('/'),
  );
}

/** What a user of the workspace is answered under a licence code. */
async function sendTo(licenseCode: string, { credentials }: TestWorkspace): Promise<number> {
  const url = `/v1/accounts/${licenseCode}/users`;
  const headers = { authorization: `Bearer ${credentials.webengage.apiKey}` };
  const reply = await inject(test, { method: 'POST', url, headers, body: { userId: 'u' } });
  return reply.status;
}

describe('giving a workspace a name', () => {
  const binding = { dialect: 'webengage', kind: 'license', externalId: '~47b66aaa' };

  it('is the administrator’s: clients keep their licence code, and a name is one workspace’s', async () => {
    assert.equal((await give(test.workspace, binding)).status, 201);
    assert.ok((await namesOf(test.workspace)).includes('webengage/license/~47b66aaa'));
    assert.equal(await sendTo('~47b66aaa', test.workspace), 201);
    const taken = await give(other, binding);
    assert.equal(taken.status, 409);
    assert.match(taken.body.error.message, /~47b66aaa/);
  });

  it('is not for a workspace key: it can’t take the name that a tenant to come has elsewhere', async () => {
    const coming = { ...binding, externalId: 'coming' };
    const refused = await give(test.workspace, coming, own);
    assert.equal(refused.status, 403);
    assert.match(refused.body.error.message, /administrator's key/);
    assert.equal(refused.body.error.path, 'body/externalId');
    const app = { dialect: 'signals', name: 'x', externalId: '104200000000777' };
    const sources = at(test.workspace, '/sources');
    assert.equal((await ask(test, 'POST', sources, { key: own, body: app })).status, 403);
    assert.equal(
      (await ask(test, 'POST', sources, { key: own, body: { ...app, externalId: undefined } })).status,
      201,
    );
    assert.equal((await give(other, coming)).status, 201);
    assert.equal((await ask(test, 'POST', at(other, '/sources'), { body: app })).status, 201);
  });

  it('says which member is wrong, and what would be right', async () => {
    for (const [wrong, path, says] of [
      [{ kind: 'project' }, 'body/kind', /choose from license/],
      [{ kind: 'constructor' }, 'body/kind', /choose from license/],
      [{ externalId: 'a b' }, 'body/externalId', /of the form/],
      [{ partnerId: 'p' }, 'body/partnerId', /leave it out/],
      [{ dialect: 'octeth' }, 'body/dialect', /webengage/],
      [{ dialect: 'signals', kind: 'client', externalId: 'c' }, 'body/partnerId', /name one/],
      [
        { dialect: 'signals', kind: 'client', externalId: 'c', partnerId: 'foreign' },
        'body/partnerId',
        /it has /,
      ],
    ] as const) {
      const { status, body } = await give(test.workspace, { ...binding, externalId: 'new', ...wrong });
      assert.equal(status, 400, JSON.stringify(wrong));
      assert.equal(body.error.path, path);
      assert.match(body.error.message, says);
    }
  });
});

describe('taking a name from a workspace', () => {
  it('frees it for another one, and this process goes by it at once', async () => {
    const externalId = 'moving';
    assert.equal(
      (await give(test.workspace, { dialect: 'webengage', kind: 'license', externalId })).status,
      201,
    );
    assert.equal(await sendTo(externalId, test.workspace), 201);
    assert.equal((await take(test.workspace, `webengage/license/${externalId}`)).status, 204);
    assert.notEqual(await sendTo(externalId, test.workspace), 201);
    assert.equal((await give(other, { dialect: 'webengage', kind: 'license', externalId })).status, 201);
    assert.equal(await sendTo(externalId, other), 201);
    assert.notEqual(await sendTo(externalId, test.workspace), 201);
  });

  it('leaves a workspace one of each kind, and nothing without what it belongs to', async () => {
    const { webengage, signals } = other.credentials;
    await take(other, 'webengage/license/moving');
    await take(other, 'webengage/license/coming');
    const last = await take(other, `webengage/license/${webengage.licenseCode}`);
    assert.equal(last.status, 409);
    assert.match(last.body.error.message, /give it another one first/);
    await give(other, { dialect: 'signals', kind: 'partner', externalId: 'p2' });
    const partner = await take(other, `signals/partner/${signals.partnerId}`);
    assert.match(partner.body.error.message, /the clients .* belong to it/);
    await give(other, { dialect: 'signals', kind: 'client', externalId: 'c2', partnerId: 'p2' });
    const client = await take(other, `signals/client/${signals.clientId}`);
    assert.match(client.body.error.message, /the app .* belongs to it/);
    assert.equal((await take(other, 'signals/client/c2')).status, 204);
    assert.equal((await take(other, 'signals/partner/p2')).status, 204);
  });

  it('ends the secrets of a WhatsApp number with it, and gives new ones when it is added again', async () => {
    const externalId = '104200000000778';
    const body = { dialect: 'signals', name: 'Sales', externalId };
    const first = await test.native.call('POST', '/sources', { body });
    const payload = JSON.stringify({ object: 'whatsapp_business_account', entry: [] });
    const deliver = async (secret: string) => {
      const signature = createHmac('sha256', secret).update(payload).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
      const url = `/webhooks/whatsapp/${externalId}`;
      return (await inject(test, { method: 'POST', url, headers, body: payload })).status;
    };
    assert.equal(await deliver(first.body.secrets.appSecret), 200);
    assert.equal((await take(test.workspace, `signals/app/${externalId}`)).status, 204);
    assert.equal(await deliver(first.body.secrets.appSecret), 401);
    const again = await test.native.call('POST', '/sources', { body });
    assert.equal(again.status, 201);
    assert.equal(again.body.source.id, first.body.source.id);
    assert.equal(again.body.source.archivedAt, null);
    assert.deepEqual(
      [await deliver(first.body.secrets.appSecret), await deliver(again.body.secrets.appSecret)],
      [401, 200],
    );
  });

  it('is the administrator’s, and of names that the workspace was given', async () => {
    const { licenseCode } = test.workspace.credentials.webengage;
    assert.equal((await take(test.workspace, `webengage/license/${licenseCode}`, own)).status, 403);
    assert.equal((await take(other, `webengage/license/${licenseCode}`, own)).status, 404);
    assert.equal((await take(other, `webengage/license/${licenseCode}`)).status, 404);
    assert.equal((await take(test.workspace, 'octeth/list/1')).status, 404);
    assert.equal((await take(test.workspace, 'mixpanel/token/1')).status, 400);
  });
});
