import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  type CommandProcess,
  type DataFolder,
  makeDataFolder,
  run,
  startServer,
} from '../../../cli/server-process.ts';
import { GraphServer } from '../connector/graph-server.ts';

const account = '1011872785512566';
const facebook = '2311334042249923';
const graph = new GraphServer();
let baseUrl: string;
let folder: DataFolder;
let server: CommandProcess;
let tokenFile: string;

before(async () => {
  baseUrl = await graph.start();
  graph.addAccount(account);
  graph.addAd('1', account, '9');
  folder = await makeDataFolder();
  server = await startServer(folder.path);
  tokenFile = join(folder.path, 'token');
  await writeFile(tokenFile, `${graph.token}\n`);
});
after(async () => {
  await server.stop();
  await folder.remove();
  await graph.stop();
});

/** Runs a command beside the running server. */
function signals(...args: string[]) {
  return run(['signals', ...args, '--data-dir', folder.path], { THROUGHLINE_META_URL: baseUrl });
}

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await signals(...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

async function fail(code: 1 | 2, expected: RegExp, ...args: string[]): Promise<void> {
  const ended = await signals(...args);
  assert.equal(ended.code, code, ended.stdout);
  assert.match(ended.stderr, expected);
}

describe('throughline signals', () => {
  it('sets up a Facebook account by a token in a file, finds its ad accounts and refreshes one', async () => {
    const added = await succeed(
      'facebook-account',
      'add',
      facebook,
      '--token-file',
      tokenFile,
      '--email',
      'a@b.c',
    );
    assert.match(added, new RegExp(`ad accounts that it reads: ${account}\n`));
    const listed = await succeed('facebook-account', 'list');
    assert.match(listed, new RegExp(`^${facebook}\\s+a@b\\.c\\s+set `, 'm'));
    assert.ok(!`${added}${listed}`.includes(graph.token));
    assert.match(await succeed('ad-account', 'refresh', account), /is as Meta tells now/);
    const accounts = await succeed('ad-account', 'list');
    assert.match(
      accounts,
      new RegExp(`^${account}\\s+Account ${account}\\s+${facebook}\\s+EUR\\s+Europe/Berlin\\s+ok `, 'm'),
    );
  });

  it('adds an ad account by hand', async () => {
    assert.match(await succeed('ad-account', 'add', '5', '--currency', 'USD'), /^5\s+USD\s+never$/m);
    await fail(
      1,
      /there is no Facebook account 404 here/,
      'ad-account',
      'add',
      '5',
      '--facebook-account',
      '404',
    );
    await fail(2, /"XYZ" is no currency/, 'ad-account', 'add', '5', '--currency', 'XYZ');
    await fail(1, /not-connected: no Facebook account/, 'ad-account', 'refresh', '5');
  });

  it('says that Meta refuses a token, and never the token', async () => {
    const wrong = join(folder.path, 'wrong-token');
    await writeFile(wrong, 'EAAB-expired');
    const ended = await signals('facebook-account', 'add', '77', '--token-file', wrong);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /needs a new token/);
    assert.ok(!`${ended.stdout}${ended.stderr}`.includes('EAAB-expired'));
    assert.match(await succeed('facebook-account', 'list'), /^77\s+refused by Meta/m);
  });

  it('adds a client, and an app of it with the secrets of its webhook', async () => {
    const { partnerId, clientId, appId, token } = (await folder.credentials()).signals;
    assert.equal(await succeed('client', 'add', 'second'), 'client second is set up\n');
    assert.match(await succeed('client', 'list'), new RegExp(`^second\\s+${partnerId}$`, 'm'));
    await fail(1, /a workspace has the client second already/, 'client', 'add', 'second');
    await fail(1, /there is no partner nobody here/, 'client', 'add', 'third', '--partner', 'nobody');
    await fail(2, /--client is missing/, 'app', 'add', '72822');
    const added = await succeed('app', 'add', '72822', '--client', 'second', '--ad-account', account);
    const { verifyToken } = JSON.parse(added) as { verifyToken: string };
    await fail(1, /a workspace has the app 72822 already/, 'app', 'add', '72822', '--client', clientId);
    await fail(2, /"x1" is no id of an app/, 'app', 'add', 'x1');
    const apps = await succeed('app', 'list');
    assert.match(apps, new RegExp(`^72822\\s+WhatsApp number 72822\\s+second\\s+${account}\\s+on$`, 'm'));
    assert.match(apps, new RegExp(`^${appId}\\s.*${clientId}`, 'm'));
    const { baseUrl: server } = await folder.credentials();
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.verify_token': verifyToken,
      'hub.challenge': 'c',
    });
    assert.equal(await (await fetch(`${server}/webhooks/whatsapp/72822?${query}`)).text(), 'c');
    const stats = `${server}/v1/clients/second/apps/72822/standalone-events-stats`;
    assert.equal((await fetch(stats, { headers: { authorization: `Bearer ${token}` } })).status, 200);
  });

  it('switches an app’s tracking', async () => {
    const { appId } = (await folder.credentials()).signals;
    assert.equal(await succeed('app', 'tracking', appId, 'off'), `tracking of app ${appId} is off\n`);
    assert.equal(await succeed('app', 'tracking', appId, 'on'), `tracking of app ${appId} is on\n`);
    await fail(1, /there is no app 1 here/, 'app', 'tracking', '1', 'on');
    await fail(2, /on or off/, 'app', 'tracking', appId, 'maybe');
  });

  it('refuses what makes no sense', async () => {
    await fail(2, /choose from facebook-account add/, 'facebook-account');
    await fail(2, /choose from/, 'ad-account', 'toString');
    await fail(2, /--token-file is missing/, 'facebook-account', 'add', facebook);
    await fail(
      1,
      /can't be read \(ENOENT\)/,
      'facebook-account',
      'add',
      facebook,
      '--token-file',
      '/nowhere',
    );
    await fail(2, /"abc" is no id of an ad account/, 'ad-account', 'refresh', 'abc');
    await fail(1, /there is no ad account 404 here/, 'ad-account', 'refresh', '404');
  });
});
