import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formAccessToken } from '../../../src/core/credential/token-form.ts';
import fc from '../../helpers/fast-check.ts';

it('forms tokens whose payload plain base64 decodes to the claims, whatever they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.stringMatching(/^[>?~ÿ€]{0,9}$/), (subject, scope) => {
      const payload = formAccessToken({ sub: subject, scope }).split('.')[1]!;
      assert.doesNotMatch(payload, /[-_]/);
      assert.deepEqual(JSON.parse(Buffer.from(payload, 'base64').toString()), { sub: subject, scope });
    }),
  );
});

it('never forms the same token twice', () => {
  assert.notEqual(formAccessToken({ sub: 'a' }), formAccessToken({ sub: 'a' }));
});
