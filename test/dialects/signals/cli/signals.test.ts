import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { useServer } from '../../../cli/server-process.ts';
import { GraphServer } from '../connector/graph-server.ts';

const account = '1011872785512566';
const facebook = '2311334042249923';
const graph = new GraphServer();
const server = await useServer({ THROUGHLINE_META_URL: await graph.start() });
after(() => graph.stop());
const { folder } = server;
graph.addAccount(account);
graph.addAd('1', account, '9');
const tokenFile = join(folder.path, 'token');
await writeFile(tokenFile, `${graph.token}\n`);

describe('throughline signals', () => {
  it('sets up a Facebook account by a token in a file, finds its ad accounts and refreshes one', async () => {
    const added = await server.succeed(
      'signals',
      'facebook-account',
      'add',
      facebook,
      '--token-file',
      tokenFile,
      '--email',
      'a@b.c',
    );
    assert.match(added, new RegExp(`ad accounts that it reads: ${account}\n`));
    const listed = await server.succeed('signals', 'facebook-account', 'list');
    assert.match(listed, new RegExp(`^${facebook}\\s+a@b\\.c\\s+set `, 'm'));
    assert.ok(!`${added}${listed}`.includes(graph.token));
    assert.match(await server.succeed('signals', 'ad-account', 'refresh', account), /is as Meta tells now/);
    const accounts = await server.succeed('signals', 'ad-account', 'list');
    assert.match(
      accounts,
      new RegExp(`^${account}\\s+Account ${account}\\s+${facebook}\\s+EUR\\s+Europe/Berlin\\s+ok `, 'm'),
    );
  });

  it('adds an ad account by hand', async () => {
    assert.match(
      await server.succeed('signals', 'ad-account', 'add', '5', '--currency', 'USD'),
      /^5\s+USD\s+never$/m,
    );
    await server.refuse(
      [
        1,
        /there is no Facebook account 404 here/,
        'signals',
        'ad-account',
        'add',
        '5',
        '--facebook-account',
        '404',
      ],
      [2, /"XYZ" is no currency/, 'signals', 'ad-account', 'add', '5', '--currency', 'XYZ'],
      [1, /not-connected: no Facebook account/, 'signals', 'ad-account', 'refresh', '5'],
    );
  });

  it('says that Meta refuses a token, and never the token', async () => {
    const wrong = join(folder.path, 'wrong-token');
    await writeFile(wrong, 'EAAB-expired');
    const ended = await server.run('signals', 'facebook-account', 'add', '77', '--token-file', wrong);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /needs a new token/);
    assert.ok(!`${ended.stdout}${ended.stderr}`.includes('EAAB-expired'));
    assert.match(await server.succeed('signals', 'facebook-account', 'list'), /^77\s+refused by Meta/m);
  });

  it('adds a client, and an app of it with the secrets of its webhook', async () => {
    const { partnerId, clientId, appId, token } = (await folder.credentials()).signals;
    assert.equal(await server.succeed('signals', 'client', 'add', 'second'), 'client second is set up\n');
    assert.match(
      await server.succeed('signals', 'client', 'list'),
      new RegExp(`^second\\s+${partnerId}$`, 'm'),
    );
    await server.refuse(
      [1, /a workspace has the client second already/, 'signals', 'client', 'add', 'second'],
      [1, /there is no partner nobody here/, 'signals', 'client', 'add', 'third', '--partner', 'nobody'],
      [2, /--client is missing/, 'signals', 'app', 'add', '72822'],
    );
    const added = await server.succeed(
      'signals',
      'app',
      'add',
      '72822',
      '--client',
      'second',
      '--ad-account',
      account,
    );
    const { verifyToken } = JSON.parse(added) as { verifyToken: string };
    await server.refuse(
      [1, /a workspace has the app 72822 already/, 'signals', 'app', 'add', '72822', '--client', clientId],
      [2, /"x1" is no id of an app/, 'signals', 'app', 'add', 'x1'],
    );
    const apps = await server.succeed('signals', 'app', 'list');
    assert.match(apps, new RegExp(`^72822\\s+WhatsApp number 72822\\s+second\\s+${account}\\s+on$`, 'm'));
    assert.match(apps, new RegExp(`^${appId}\\s.*${clientId}`, 'm'));
    const { baseUrl } = await folder.credentials();
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.verify_token': verifyToken,
      'hub.challenge': 'c',
    });
    assert.equal(await (await fetch(`${baseUrl}/webhooks/whatsapp/72822?${query}`)).text(), 'c');
    const stats = `${baseUrl}/v1/clients/second/apps/72822/standalone-events-stats`;
    assert.equal((await fetch(stats, { headers: { authorization: `Bearer ${token}` } })).status, 200);
  });

  it('switches an app’s tracking', async () => {
    const { appId } = (await folder.credentials()).signals;
    assert.equal(
      await server.succeed('signals', 'app', 'tracking', appId, 'off'),
      `tracking of app ${appId} is off\n`,
    );
    assert.equal(
      await server.succeed('signals', 'app', 'tracking', appId, 'on'),
      `tracking of app ${appId} is on\n`,
    );
    await server.refuse(
      [1, /there is no app 1 here/, 'signals', 'app', 'tracking', '1', 'on'],
      [2, /on or off/, 'signals', 'app', 'tracking', appId, 'maybe'],
    );
  });

  it('refuses what makes no sense', async () => {
    await server.refuse(
      [2, /choose from facebook-account add/, 'signals', 'facebook-account'],
      [2, /choose from/, 'signals', 'ad-account', 'toString'],
      [2, /--token-file is missing/, 'signals', 'facebook-account', 'add', facebook],
      [
        1,
        /can't be read \(ENOENT\)/,
        'signals',
        'facebook-account',
        'add',
        facebook,
        '--token-file',
        '/nowhere',
      ],
      [2, /"abc" is no id of an ad account/, 'signals', 'ad-account', 'refresh', 'abc'],
      [1, /there is no ad account 404 here/, 'signals', 'ad-account', 'refresh', '404'],
    );
  });
});
