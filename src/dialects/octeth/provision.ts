import { randomBytes } from 'node:crypto';
import type { Provision, ShownBy } from '../../core/workspace/provision.ts';

export const provision = {
  dialect: 'octeth',
  source: {
    kind: 'list',
    takes: 'events',
    form: /^[1-9]\d{0,17}$/,
    makeId: (taken) => String(taken.map(BigInt).reduce((last, id) => (id > last ? id : last), 0n) + 1n),
    first: { name: 'Default list' },
  },
  keys: {
    roles: ['user', 'admin'],
    // docs/spec/octeth.md 0: `XXXX-XXXX-XXXX-XXXX`.
    make: () =>
      randomBytes(16)
        .toString('hex')
        .toUpperCase()
        .replaceAll(/.{8}(?=.)/g, '$&-'),
  },
  credentials: {
    apiKey: { is: 'key', role: 'user' },
    adminApiKey: { is: 'key', role: 'admin' },
    listId: { is: 'source-id' },
    username: { is: 'username' },
    password: { is: 'password' },
  },
} as const satisfies Provision;

declare module '../../core/dialect-name.ts' {
  interface DialectCredentials {
    readonly octeth: ShownBy<(typeof provision)['credentials']>;
  }
}
