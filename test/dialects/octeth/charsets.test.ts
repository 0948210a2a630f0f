import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);
const form = 'application/x-www-form-urlencoded';

/** Sends an event's form whose `Properties[city]` has these bytes; answers what was stored of it. */
async function cityOf(bytes: Buffer, charset: string): Promise<unknown> {
  const { apiKey, listId } = test.workspace.credentials.octeth;
  const text = `APIKey=${apiKey}&ListID=${listId}&Event=visit&Email=ada%40example.com&Properties[city]=`;
  const body = Buffer.concat([Buffer.from(text), bytes]);
  const reply = await octeth.post('/api/v1/event', body, { 'content-type': `${form}${charset}` });
  assert.equal(reply.status, 200, reply.text);
  return (await test.store.events()).at(-1)?.properties.city;
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

describe('a form whose charset is declared', () => {
  it('is read by it, escaped or not', async () => {
    assert.equal(await cityOf(Buffer.from('Orl%E9ans+%80'), '; charset=iso-8859-1'), 'Orléans €');
    assert.equal(await cityOf(Buffer.from('Orléans', 'latin1'), ';charset="windows-1252"'), 'Orléans');
    assert.equal(await cityOf(Buffer.from('%83e%83X%83g'), '; charset=Shift_JIS'), 'テスト');
    assert.equal(await cityOf(Buffer.from('Orl%C3%A9ans=%26'), '; charset=UTF-8'), 'Orléans=&');
    assert.equal(await cityOf(Buffer.from('Orl%C3%A9ans=%26'), ''), 'Orléans=&');
  });

  it('is refused in words where it is not in that charset, or nobody knows it', async () => {
    const post = (body: Buffer, type: string) => octeth.post('/api/v1/event', body, { 'content-type': type });
    const latin = await post(Buffer.from('Event=Orléans', 'latin1'), form);
    assert.equal(latin.status, 400);
    assert.match(latin.text, /not valid UTF-8: declare the charset in Content-Type/);
    const unknown = await post(Buffer.from('Event=a'), `${form}; charset=klingon`);
    assert.equal(unknown.status, 415);
    assert.match(unknown.text, /charset klingon is not known: send UTF-8/);
    const many = await post(Buffer.from('a=&'.repeat(2000)), `${form}; charset=iso-8859-1`);
    assert.equal(many.status, 400);
  });

  it('is refused as multipart: that is UTF-8', async () => {
    const part = (text: Buffer) =>
      Buffer.concat([
        Buffer.from('--x\r\nContent-Disposition: form-data; name="Event"\r\n\r\n'),
        text,
        Buffer.from('\r\n--x--\r\n'),
      ]);
    const post = (body: Buffer, more = '') =>
      octeth.post('/api/v1/event', body, { 'content-type': `multipart/form-data; boundary=x${more}` });
    assert.equal((await post(part(Buffer.from('Orléans', 'latin1')))).status, 400);
    assert.equal((await post(part(Buffer.from('a')), '; charset=iso-8859-1')).status, 415);
    assert.match((await post(part(Buffer.from('a\ufffd')))).text, /Authentication|API ?Key/i);
  });
});

describe('a JSON body whose charset is declared', () => {
  it('is read by it', async () => {
    const { licenseCode, apiKey } = test.workspace.credentials.webengage;
    const send = (body: Buffer, charset: string) =>
      octeth.post(`/v1/accounts/${licenseCode}/users`, body, {
        'content-type': `application/json; charset=${charset}`,
        authorization: `Bearer ${apiKey}`,
      });
    const user = (userId: string) => JSON.stringify({ userId, firstName: 'Zoë' });
    assert.equal((await send(Buffer.from(user('latin'), 'latin1'), 'iso-8859-1')).status, 201);
    assert.equal((await send(utf16(user('wide')), 'utf-16')).status, 201);
    const named = (await test.store.profiles()).filter(({ values }) => 'firstName' in values);
    assert.deepEqual(
      named.map(({ values }) => values.firstName),
      ['Zoë', 'Zoë'],
    );
    assert.equal((await send(Buffer.from(user('bad'), 'latin1'), 'utf-8')).status, 400);
  });
});
