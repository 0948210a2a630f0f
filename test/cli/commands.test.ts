import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import { makeDataFolder, run, runHere, sendEvent, useServer } from './server-process.ts';

const server = await useServer();
const { folder } = server;

describe('throughline event-types', () => {
  it('lists, archives, takes back and deletes a type beside the running server', async () => {
    await sendEvent(await folder.credentials(), { userId: 'ada', eventName: 'Left The Shop' });
    const line = (await server.succeed('event-types', 'list', '--dialect', 'webengage'))
      .split('\n')
      .find((text) => text.includes('Left The Shop'))!;
    assert.match(line, /webengage +Left The Shop +key/);
    const [id] = line.split(' ') as [string];
    assert.equal(
      await server.succeed('event-types', 'archive', id),
      'event type Left The Shop is archived\n',
    );
    assert.equal(
      await server.succeed('event-types', 'restore', id),
      'event type Left The Shop is live again\n',
    );
    assert.equal(
      await server.succeed('event-types', 'delete', id),
      'event type Left The Shop is deleted, with 1 events\n',
    );
    await server.refuse(
      [1, /there is no event type/, 'event-types', 'delete', id],
      [2, /"mailer" is no API; choose from/, 'event-types', 'list', '--dialect', 'mailer'],
      [2, /list, archive, restore or delete\?/, 'event-types'],
    );
  });
});

describe('throughline sources', () => {
  it('lists, renames, archives and restores a source beside the running server, which goes by it at once', async () => {
    const { admin, baseUrl, octeth, workspace } = await folder.credentials();
    const added = await fetch(`${baseUrl}/throughline/v1/workspaces/${workspace.id}/sources`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ dialect: 'octeth', name: 'Spare' }),
    });
    assert.equal(added.status, 201, await added.text());
    const track = async () => {
      const body = {
        APIKey: octeth.apiKey,
        ListID: octeth.listId,
        Event: 'opened',
        Email: 'ann@example.com',
      };
      const reply = await fetch(`${baseUrl}/api/v1/event`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return reply.status;
    };
    const [line = ''] = (await server.succeed('sources', 'list', '--dialect', 'octeth')).split('\n').slice(2);
    assert.match(line, /octeth +list +1 +Default list/);
    const [id] = line.split(' ') as [string];
    assert.equal(await server.succeed('sources', 'rename', id, 'News'), 'the list is called News\n');
    assert.equal(await track(), 200);
    const archived = await server.succeed('sources', 'archive', id);
    assert.equal(archived, 'the list News is archived: nothing comes in by it\n');
    assert.equal(await track(), 422);
    assert.match(await server.succeed('sources', 'list'), /News +\S+ \S+Z +\d{4}-/);
    assert.equal(await server.succeed('sources', 'restore', id), 'the list News is in use again\n');
    const until = Date.now() + 30_000;
    while ((await track()) !== 200) assert.ok(Date.now() < until, 'it is in use again');
    const { stdout } = await server.run('sources', 'list', '--dialect', 'webmarketer');
    const [only = ''] = stdout.split('\n').slice(2);
    await server.refuse(
      [
        1,
        /only integration of webmarketer: add another one first/,
        'sources',
        'archive',
        only.split(' ')[0] ?? '',
      ],
      [1, /there is no source nowhere here/, 'sources', 'archive', 'nowhere'],
      [1, /there is no source nowhere here/, 'sources', 'rename', 'nowhere', '📰'.repeat(200)],
      [2, /a name has 1 to 200 characters/, 'sources', 'rename', id, ''],
      [2, /list, rename, archive or restore\?/, 'sources'],
    );
  });
});

describe('throughline contacthub', () => {
  it('sets by what customers are found again, and the running server goes by it', async () => {
    const { baseUrl, contacthub } = await folder.credentials();
    const set = await server.run('contacthub', 'node', 'set', '--policy', 'BLOCK', '--case-sensitive', 'yes');
    assert.equal(set.code, 0, set.stderr);
    assert.match(set.stderr, /^job [0-9a-f-]{36} makes the keys of its customers anew/m);
    assert.match(set.stdout, /BLOCK +base\.contacts\.email +sensitive +none +are made anew/);
    const post = (email: string) =>
      fetch(`${baseUrl}/hub/v1/workspaces/${contacthub.workspaceId}/customers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${contacthub.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ nodeId: contacthub.nodeId, base: { contacts: { email } } }),
      });
    const until = Date.now() + 30_000;
    while ((await post('cli@example.com')).status === 423 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 250));
    assert.equal((await post('CLI@example.com')).status, 201);
    assert.equal((await post('cli@example.com')).status, 409);
    await server.succeed('contacthub', 'node', 'set', '--policy', 'MERGE', '--case-sensitive', 'no');
    assert.match(await server.succeed('contacthub', 'node', 'list'), /MERGE +base\.contacts\.email +any/);
    await server.refuse(
      [2, /base\.shoeSize/, 'contacthub', 'node', 'set', '--match', 'base.shoeSize'],
      [2, /uniquenessPolicy/, 'contacthub', 'node', 'set', '--policy', 'MAYBE'],
      [2, /nothing to set/, 'contacthub', 'node', 'set'],
      [1, /there is no node nowhere/, 'contacthub', 'node', 'set', 'nowhere', '--policy', 'MERGE'],
      [2, /node list, node create/, 'contacthub'],
      [2, /--name/, 'contacthub', 'node', 'create', '--match', 'externalId'],
      [2, /base\.shoeSize/, 'contacthub', 'node', 'create', '--name', 'x', '--mandatory', 'base.shoeSize'],
      [2, /name the node/, 'contacthub', 'node', 'empty'],
      [1, /made with, and stays/, 'contacthub', 'node', 'delete', contacthub.nodeId],
    );
  });
});

describe('throughline contacthub node', () => {
  it('makes, empties and deletes a node', async () => {
    const made = await server.succeed(
      'contacthub',
      'node',
      'create',
      '--name',
      'Shop',
      '--match',
      'externalId',
    );
    assert.match(made, /Shop +MERGE +externalId +any +none +made/);
    const [id = ''] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(made) ?? [];
    const emptied = await server.run('contacthub', 'node', 'empty', id, '--events-only');
    assert.match(emptied.stderr, /^job [0-9a-f-]{36} deletes what it holds by now/m);
    await server.succeed('contacthub', 'node', 'delete', id);
    await server.refuse([1, /there is no node/, 'contacthub', 'node', 'delete', id]);
  });
});

describe('throughline campaigns', () => {
  it('lists and deletes a campaign that appeared from traffic, beside the running server', async () => {
    const { baseUrl, admin, webmarketer, workspace } = await folder.credentials();
    const reply = await fetch(`${baseUrl}/throughline/v1/workspaces/${workspace.id}/visits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        url: `https://shop.example/?wmktid=${webmarketer.wmktId}&cid=spring`,
        trackerId: 'b',
      }),
    });
    assert.equal(reply.status, 201, await reply.text());
    const lines = (await server.succeed('campaigns', 'list')).split('\n');
    const line = lines.find((text) => text.includes('spring'))!;
    assert.match(line, /spring +key/);
    assert.ok(!(await server.succeed('campaigns', 'list', '--visitors')).includes('spring'));
    const [id] = line.split(' ') as [string];
    assert.equal(await server.succeed('campaigns', 'delete', id), `campaign ${id} is deleted\n`);
    await server.refuse(
      [1, /there is no campaign/, 'campaigns', 'delete', id],
      [2, /list or delete\?/, 'campaigns'],
    );
  });
});

describe('throughline rates', () => {
  it('imports a file beside the running server, again too', async () => {
    const file = join(folder.path, 'rates.csv');
    await writeFile(file, 'Date,USD,JPY,\n2026-11-20,1.1,N/A,\n2026-11-19,1.2,170.1,\n');
    for (let round = 0; round < 2; round++)
      assert.equal(await server.succeed('rates', 'import', file), '3 rates of 2 days\n');
  });

  it('counts the amounts that waited for a rate, beside the running server, and says how many', async () => {
    const { baseUrl, webmarketer } = await folder.credentials();
    const post = async (path: string, body: object) => {
      const reply = await fetch(`${baseUrl}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${webmarketer.accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      assert.ok(reply.ok, await reply.text());
    };
    const { projectId } = webmarketer;
    const turnover = {
      entity: 'statistic',
      type: 'currency',
      storageKey: 'turnover',
      ingestionKey: 'turnover',
    };
    const type = { reference: 'sale', name: 'Sale', fields: [turnover] };
    await post(`/projects/${projectId}/event-types`, type);
    const sale = { projectId, eventType: 'sale', eventDate: '2024-05-03T10:00:00Z' };
    await post('/events/sync', { ...sale, nonce: '1', data: { turnover: { amount: 1, currency: 'CHF' } } });
    await post('/events/sync', { ...sale, nonce: '2', data: { turnover: { amount: 1, currency: 'SEK' } } });
    const file = join(folder.path, 'late.csv');
    await writeFile(file, 'Date,CHF\n2024-05-03,0.97\n');
    const said = '1 rates of 1 days\ndemo: 1 late amounts counted, 1 still without a rate\n';
    assert.equal(await server.succeed('rates', 'import', file), said);
  });

  it('refuses a file that is not there or not of the form, with its line', async () => {
    const file = join(folder.path, 'wrong.csv');
    await writeFile(file, 'Date,USD\nyesterday,1\n');
    await server.refuse(
      [1, /nothing\.csv can't be read \(ENOENT\)/, 'rates', 'import', 'nothing.csv'],
      [1, /wrong\.csv, line 2: "yesterday" is not a date/, 'rates', 'import', file],
      [2, /the file is missing/, 'rates', 'import'],
      [2, /import\?/, 'rates'],
    );
  });
});

describe('throughline retention', () => {
  it('runs beside the server, of one workspace or of all, or only counts', async () => {
    const head =
      /^workspace +events deleted +events anonymized +trash anonymized +users anonymized +events of customers deleted\n/;
    const all = await server.succeed('retention', 'run');
    assert.match(all, head);
    assert.match(all, /^demo +0 +0 +0 +0 +0$/m);
    const dry = await server.succeed('retention', 'run', '--workspace', 'demo', '--dry-run');
    assert.match(dry, head);
    assert.match(dry, /\na dry run: nothing was changed\n$/);
  });

  it('refuses what makes no sense', async () => {
    await server.refuse(
      [1, /there is no workspace "nowhere"/, 'retention', 'run', '--workspace', 'nowhere'],
      [2, /run\?/, 'retention'],
      [2, /there is no "retention walk"/, 'retention', 'walk'],
      [2, /there is no place for "now"/, 'retention', 'run', 'now'],
    );
  });
});

describe('throughline rebuild', () => {
  it('makes all that is derived anew beside the server, as a job that the list shows', async () => {
    await sendEvent(await folder.credentials(), { userId: 'ada', eventName: 'Came back' });
    const made = await server.succeed('rebuild', '--workspace', 'demo');
    assert.match(made, /^workspace +what +count\n/);
    assert.match(made, /^demo +rollupSlices +[1-9]\d*$/m);
    assert.match(
      await server.succeed('jobs', 'list', '--workspace', 'demo'),
      /^demo +rebuild +finished +[1-9]/m,
    );
    await server.refuse(
      [1, /there is no workspace "nowhere"/, 'rebuild', '--workspace', 'nowhere'],
      [2, /there is no place for "now"/, 'rebuild', 'now'],
    );
  });
});

describe('throughline jobs', () => {
  it('lists long work, or says that there is none', async () => {
    assert.match(await server.succeed('jobs', 'list'), /^(there are no jobs|workspace +job +state)/);
    await server.refuse([2, /list\?/, 'jobs'], [2, /there is no "jobs stop"/, 'jobs', 'stop']);
  });
});

describe('throughline workspace', () => {
  it('creates a workspace whose keys work at the running server, changes it and lists it', async () => {
    const created = await server.succeed('workspace', 'create', 'acme', '--timezone', 'Europe/Rome');
    const credentials: CredentialsFile = JSON.parse(created);
    assert.equal((await sendEvent(credentials)).status, 201);
    await server.succeed('workspace', 'set', 'acme', '--currency', 'USD', '--matching', 'none');
    const listed = (await server.succeed('workspace', 'list'))
      .split('\n')
      .find((line) => line.startsWith('acme'));
    assert.match(listed ?? '', / Europe\/Rome\s+USD\s+none\s+enabled$/);
  });

  it('sets a setting by its path and leaves the others, and unsets one', async () => {
    const { admin, baseUrl } = await folder.credentials();
    const read = async () => {
      const headers = { authorization: `Bearer ${admin.token}` };
      const reply = await fetch(`${baseUrl}/throughline/v1/workspaces/settled`, { headers });
      const { dialects, rateLimits } = (await reply.json()) as Record<string, object>;
      return { dialects, rateLimits };
    };
    const setting = ['--setting', 'dialects.octeth.requireEmail=true'];
    await server.succeed(
      'workspace',
      'create',
      'settled',
      ...setting,
      '--setting',
      'rateLimits.octeth:lists.get=7',
    );
    await server.succeed('workspace', 'set', 'settled', '--setting', 'dialects.octeth.eventRetentionDays=30');
    const octeth = { requireEmail: true, eventRetentionDays: 30 };
    assert.deepEqual(await read(), { dialects: { octeth }, rateLimits: { 'octeth:lists.get': 7 } });
    await server.succeed('workspace', 'set', 'settled', '--setting', 'dialects.octeth.requireEmail=');
    await new Promise((resolve) => setTimeout(resolve, 2100));
    assert.deepEqual((await read()).dialects, { octeth: { eventRetentionDays: 30 } });
  });

  it('suspends one, and deletes one with all that it has, beside the running server', async () => {
    const { baseUrl, webengage } = JSON.parse(await server.succeed('workspace', 'create', 'doomed'));
    const send = async () => {
      const reply = await fetch(`${baseUrl}/v1/accounts/${webengage.licenseCode}/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${webengage.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ userId: 'ada', eventName: 'Left' }),
      });
      return reply.status;
    };
    assert.equal(await send(), 201);
    assert.match(await server.succeed('workspace', 'set', 'doomed', '--status', 'suspended'), /suspended/);
    assert.equal(await send(), 403);
    await server.refuse(
      [2, /--status is one of/, 'workspace', 'set', 'doomed', '--status', 'asleep'],
      [2, /say --yes/, 'workspace', 'delete', 'doomed'],
      [1, /there is no workspace "nobody"/, 'workspace', 'delete', 'nobody', '--yes'],
    );
    assert.match(await server.succeed('workspace', 'delete', 'doomed', '--yes'), /^event +1$/m);
    assert.doesNotMatch(await server.succeed('workspace', 'list'), /doomed/);
    await server.refuse([1, /there is no workspace/, 'workspace', 'set', 'doomed', '--status', 'enabled']);
  });

  it('refuses what makes no sense', async () => {
    const set = ['workspace', 'set', 'demo', '--setting'];
    await server.refuse(
      [1, /there is a workspace "demo" already/, 'workspace', 'create', 'demo'],
      [2, /"No Slug" is no slug/, 'workspace', 'create', 'No Slug'],
      [2, /"Europe\/Atlantis" is no time zone/, 'workspace', 'set', 'demo', '--timezone', 'Europe/Atlantis'],
      [2, /"EURO" is no currency/, 'workspace', 'set', 'demo', '--currency', 'EURO'],
      [2, /"name" can't match persons/, 'workspace', 'set', 'demo', '--matching', 'name'],
      [2, /nothing to set; give --name/, 'workspace', 'set', 'demo'],
      [2, /requireEmial is not known; known are requireEmail/, ...set, 'dialects.octeth.requireEmial=true'],
      [
        2,
        /retentionDurationInDays must be from 1 to 36500 or null/,
        ...set,
        'dialects.webmarketer.retentionDurationInDays=-3',
      ],
      [2, /is not of the form PATH=VALUE/, ...set, 'dialects'],
      [2, /known are/, 'workspace', 'create', 'new-one', '--setting', 'rateLimits.webengage:evnts=1'],
      [1, /there is no workspace "other"/, 'workspace', 'set', 'other', '--currency', 'USD'],
    );
  });
});

describe('throughline bindings', () => {
  it('gives a name, lists and frees it, and the running server goes by it', async () => {
    const credentials = await folder.credentials();
    const name = ['webengage', 'license', 'kept-code', '--workspace', 'demo'];
    await server.succeed('bindings', 'add', ...name);
    const renamed = { ...credentials, webengage: { ...credentials.webengage, licenseCode: 'kept-code' } };
    assert.equal((await sendEvent(renamed)).status, 201);
    assert.match(
      await server.succeed('bindings', 'list', '--workspace', 'demo'),
      /webengage +license +kept-code/,
    );
    await server.fail(1, /already/, 'bindings', 'add', ...name);
    await server.succeed('bindings', 'remove', ...name);
    await server.refuse(
      [1, /the workspace has no webengage license kept-code/, 'bindings', 'remove', ...name],
      [2, /choose from license/, 'bindings', 'add', 'webengage', 'project', 'x'],
      [2, /"mixpanel" is no API; choose from/, 'bindings', 'remove', 'mixpanel', 'token', 'x'],
    );
  });
});

describe('throughline keys', () => {
  it('creates a key that works, lists it without its secret, and revokes it', async () => {
    const credentials = await folder.credentials();
    const make = ['keys', 'create', '--workspace', 'demo', '--dialect', 'webengage', '--name', 'shop'];
    const secret = (await server.succeed(...make)).trim();
    assert.equal((await sendEvent(credentials, undefined, secret)).status, 201);
    const unused = (await server.succeed(...make.with(-1, 'unused'))).trim();
    const listed = await server.succeed('keys', 'list', '--workspace', 'demo');
    assert.ok(!listed.includes(secret));
    const id = listed
      .split('\n')
      .find((line) => line.includes('unused'))!
      .split(' ')[0]!;
    await server.succeed('keys', 'revoke', id, '--workspace', 'demo');
    assert.equal((await sendEvent(credentials, undefined, unused)).status, 401);
    await server.fail(1, /there is no valid key/, 'keys', 'revoke', id, '--workspace', 'demo');
  });

  it("does not revoke another workspace's key", async () => {
    await server.succeed('workspace', 'create', 'tenant');
    const line = (await server.succeed('keys', 'list', '--workspace', 'tenant')).split('\n')[2]!;
    await server.fail(
      1,
      /there is no valid key/,
      'keys',
      'revoke',
      line.split(' ')[0]!,
      '--workspace',
      'demo',
    );
  });

  it('rotates a key: both are valid, until the old one is ended', async () => {
    const credentials = await folder.credentials();
    const demo = ['--workspace', 'demo'];
    const make = ['keys', 'create', '--dialect', 'webengage', '--name', 'turning', ...demo];
    const old = (await server.succeed(...make)).trim();
    const listed = await server.succeed('keys', 'list', '--kind', 'key', ...demo);
    const id = listed
      .split('\n')
      .find((line) => line.includes('turning'))!
      .split(' ')[0]!;
    const renewed = (await server.succeed('keys', 'rotate', id, ...demo)).trim();
    for (const secret of [old, renewed])
      assert.equal((await sendEvent(credentials, undefined, secret)).status, 201);
    await server.refuse(
      [1, /rotate the one that took its place/, 'keys', 'rotate', id, ...demo],
      [2, /--old-valid-until is "now" or/, 'keys', 'rotate', id, '--old-valid-until', 'soon', ...demo],
      [2, /--kind is one of key, session/, 'keys', 'list', '--kind', 'token', ...demo],
      [2, /"x" is no id of a key/, 'keys', 'rotate', 'x', ...demo],
    );
  });

  it('refuses an unknown API or role', async () => {
    await server.refuse(
      [2, /--dialect is one of/, 'keys', 'create', '--dialect', 'mixpanel', '--workspace', 'demo'],
      [2, /--role of octeth is one of user/, 'keys', 'create', '--dialect', 'octeth', '--role', 'root'],
      [2, /--dialect or --admin is missing/, 'keys', 'create'],
    );
  });
});

describe('throughline', () => {
  it('explains itself and every command', async () => {
    const overview = await server.succeed('help');
    const explain = async (name: string) => {
      assert.match(overview, new RegExp(`^  ${name} `, 'm'));
      assert.match(await server.succeed(name, '--help'), new RegExp(`^Usage: throughline ${name}`));
    };
    await Promise.all(['start', 'migrate', 'keys', 'workspace', 'rebuild', 'verify', 'demo'].map(explain));
  });

  it('is a process that ends with the command’s code, and has its words on both streams', async () => {
    const [version, nonsense] = await Promise.all([run(['--version']), run(['mail'])]);
    assert.match(version.stdout, /^throughline \d+\.\d+\.\d+\n$/);
    assert.deepEqual([version.code, version.stderr], [0, '']);
    assert.match(nonsense.stderr, /^throughline: there is no command "mail"/);
    assert.deepEqual([nonsense.code, nonsense.stdout], [2, '']);
  });

  it('migrates, beside a server too', async () => {
    assert.equal(await server.succeed('migrate'), 'up to date\n');
  });

  it('finds the counters equal to the tables', async () => {
    assert.equal((await sendEvent(await folder.credentials())).status, 201);
    assert.match(await server.succeed('verify'), /demo/);
  });
});

describe('throughline demo', () => {
  it('shows events of all five APIs on one timeline, also when it is run again', async () => {
    // What the commands before have set going: while customers get other keys, nobody writes them.
    for (let left = 60; left > 0 && /waiting|running/.test(await server.succeed('jobs', 'list')); left--)
      await new Promise((resolve) => setTimeout(resolve, 250));
    for (let round = 1; round <= 2; round++) {
      const shown = await server.succeed('demo');
      const timeline = shown.slice(shown.indexOf('is one person'));
      for (const api of ['webengage', 'octeth', 'webmarketer', 'contacthub', 'signals']) {
        assert.match(timeline, new RegExp(`Z  ${api} `), shown);
      }
    }
  });

  it('says in one line that no server runs', async () => {
    const other = await makeDataFolder();
    const { code, stderr } = await runHere(['demo', '--data-dir', other.path]);
    await other.remove();
    assert.equal(code, 1);
    assert.match(stderr, /credentials\.json is missing; start the server first/);
  });
});
