import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { Advertising } from './advertising.ts';
import { SignalsClient } from './client.ts';

const facebook = '2311334042249923';
const account = '1011872785512566';

const test = await useApp();
const client = new SignalsClient(test);

function get(
  path = '',
  headers: Record<string, string> = client.authorized,
  clientId = client.keys.clientId,
) {
  return inject(test, {
    method: 'GET',
    url: `/v1/clients/${clientId}/facebook-accounts${path}`,
    headers,
  });
}

describe('GET /v1/clients/{clientId}/facebook-accounts', () => {
  it('is empty as long as the client has attached none, and lists them then, without their tokens', async () => {
    const reply = await get();
    assert.deepEqual([reply.status, reply.body], [200, []]);
    const advertising = new Advertising(test);
    await advertising.addFacebookAccount(facebook, 'advertiser@gmail.com');
    await advertising.addAdAccount(account, { name: 'Advertiser Company Name', facebookAccount: facebook });
    await advertising.addAdAccount('99', { name: 'Of no Facebook account' });
    assert.deepEqual((await get()).body, [{ id: facebook, email: 'advertiser@gmail.com' }]);
  });

  it('gives the ad accounts of one', async () => {
    const reply = await get(`/${facebook}`);
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.body, [{ id: account, name: 'Advertiser Company Name' }]);
    for (const id of ['99', 'x', '%00']) {
      const unknown = await get(`/${id}`);
      assert.equal(unknown.status, 404);
      assert.match(unknown.body.detail, /^Not found: there is no .+ here; /);
    }
  });

  it('takes a token or an API key, and no key of another API', async () => {
    for (const path of ['', `/${facebook}`]) {
      assert.equal((await get(path, { 'x-api-key': client.keys.apiKey })).status, 200);
      const refused = await get(path, {});
      assert.deepEqual([refused.status, refused.body], [401, { detail: 'Not authenticated' }]);
      const { octeth } = test.workspace.credentials;
      assert.equal((await get(path, { 'x-api-key': octeth.apiKey })).status, 401);
    }
  });

  it('answers 404 for another workspace’s client, and shows a workspace only its own', async () => {
    const stranger = new SignalsClient(test, await test.addWorkspace());
    for (const path of ['', `/${facebook}`]) {
      assert.equal((await get(path, stranger.authorized)).status, 404);
      assert.equal((await get(path, client.authorized, 'nobody')).status, 404);
    }
    const own = await get('', stranger.authorized, stranger.keys.clientId);
    assert.deepEqual(own.body, []);
    const foreign = await get(`/${facebook}`, stranger.authorized, stranger.keys.clientId);
    assert.equal(foreign.status, 404);
  });
});
