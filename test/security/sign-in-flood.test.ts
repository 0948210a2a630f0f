import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { issueCredential } from '../../src/core/credential/issue-credential.ts';
import { Turns } from '../../src/core/credential/turns.ts';
import { useApp } from '../helpers/app.ts';
import { inject } from '../helpers/vendor-client.ts';

const test = await useApp();

const flood = 60;

interface SignIn {
  readonly url: string;
  readonly body: (name: string) => Record<string, string>;
  /** What the API says where a password is wrong. */
  readonly refused: number;
}

const signIns: Record<string, SignIn> = {
  octeth: {
    url: '/api.php',
    body: (Username) => ({ Command: 'User.Login', Username, Password: 'wrong' }),
    refused: 200,
  },
  signals: {
    url: '/api/v2/token',
    body: (username) => ({ username, password: 'wrong' }),
    refused: 401,
  },
};

describe('a flood of sign-ins, each by another name from another address', () => {
  for (const [dialect, { url, body, refused }] of Object.entries(signIns)) {
    it(`is judged a few at a time, and refused in words beyond them (${dialect})`, async () => {
      const replies = await Promise.all(
        Array.from({ length: flood }, (_, index) =>
          inject(test, {
            method: 'POST',
            url,
            remoteAddress: `203.0.113.${index}`,
            body: body(`name-${index}`),
          }),
        ),
      );
      const judged = replies.filter((reply) => reply.status === refused);
      const busy = replies.filter((reply) => reply.status === 503);
      assert.equal(judged.length + busy.length, flood);
      assert.ok(judged.length >= 2 && judged.length <= 30, `${judged.length} judged`);
      for (const reply of busy) {
        assert.equal(reply.headers['retry-after'], '1');
        assert.match(reply.text, /Too many sign in at this moment\. Try again in a second\./);
      }
    });
  }

  it('leaves keyed events and the sign-ins after it as they were', async () => {
    const { apiKey, listId, username, password } = test.workspace.credentials.octeth;
    const payload = { APIKey: apiKey, ListID: listId, Event: 'x', Email: 'ada@example.com' };
    const event = await inject(test, { method: 'POST', url: '/api/v1/event', body: payload });
    assert.equal(event.status, 200, event.text);
    const own = await inject(test, {
      method: 'POST',
      url: '/api.php',
      body: { Command: 'User.Login', Username: username, Password: password },
    });
    assert.equal(own.body.Success, true, own.text);
  });

  it('of refresh tokens that no client has hashes nothing, also of a client that has a secret', async () => {
    const { clientId } = test.workspace.credentials.webmarketer.serviceAccount;
    const holder = { workspaceId: test.workspace.created.id, name: clientId, subject: clientId };
    const secret = { dialect: 'webmarketer', kind: 'password', role: 'service-account', ...holder } as const;
    await issueCredential(test.database, secret, new Date());
    const { passwordTurns } = test.app.services;
    const take = passwordTurns.take.bind(passwordTurns);
    let hashes = 0;
    passwordTurns.take = (work) => {
      hashes++;
      return take(work);
    };
    const replies = await Promise.all(
      Array.from({ length: flood }, () =>
        inject(test, {
          method: 'POST',
          url: '/oidc/token',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: `grant_type=refresh_token&client_id=${clientId}&client_secret=x&refresh_token=nonsense`,
        }),
      ),
    );
    assert.ok(replies.every((reply) => reply.body.error === 'invalid_grant'));
    assert.equal(hashes, 0);
  });
});

describe('turns', () => {
  it('go to as many at once as there are, then in the order of arrival, and to no more than may wait', async () => {
    const turns = new Turns(2, 3);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const taken = [0, 1, 2, 3, 4, 5].map((index) =>
      turns.take(async () => {
        begun.push(index);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (index === 0) throw new Error('fails');
        return index;
      }),
    );
    assert.equal(taken[5], undefined);
    assert.equal(turns.isFull, true);
    const outcomes = Promise.allSettled(taken.slice(0, 5));
    const most: number[] = [];
    for (let ended = 0; ended < 5; ended++) {
      await turnOfLoop();
      most.push(begun.length - ended);
      ends[ended]!();
    }
    assert.deepEqual(
      (await outcomes).map((outcome) => outcome.status),
      ['rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'],
    );
    assert.deepEqual(begun, [0, 1, 2, 3, 4]);
    assert.deepEqual(most, [2, 2, 2, 2, 1]);
    assert.equal(await turns.take(async () => 'free again'), 'free again');
  });
});
