import { randomBytes } from 'node:crypto';
import type { Provision, ShownBy } from '../../core/workspace/provision.ts';

export const provision = {
  dialect: 'webengage',
  names: {
    license: { form: /^[~A-Za-z0-9_-]{1,64}$/, make: () => randomBytes(5).toString('hex').slice(0, 9) },
  },
  keys: { roles: ['writer'] },
  credentials: {
    licenseCode: { is: 'name', kind: 'license' },
    apiKey: { is: 'key', role: 'writer' },
  },
} as const satisfies Provision;

declare module '../../core/dialect-name.ts' {
  interface DialectCredentials {
    readonly webengage: ShownBy<(typeof provision)['credentials']>;
  }
}
