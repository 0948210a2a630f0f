import { randomBytes } from 'node:crypto';
import { formAccessToken } from '../../core/credential/token-form.ts';
import type { Provision, ShownBy } from '../../core/workspace/provision.ts';

export const provision = {
  dialect: 'webmarketer',
  names: { project: { form: /^[A-Za-z0-9_-]{1,64}$/, make: (slug) => slug } },
  source: {
    kind: 'integration',
    takes: 'touchpoints',
    form: /^[A-Za-z0-9_-]{1,64}$/,
    makeId: () => randomBytes(8).toString('hex'),
    first: { name: 'Custom ads', makeSettings: () => ({ type: 'custom-ads' }) },
  },
  keys: {
    roles: ['service-account'],
    make: () => formAccessToken({ iss: 'throughline', sub: 'webmarketer' }),
  },
  credentials: {
    projectId: { is: 'name', kind: 'project' },
    wmktId: { is: 'source-id' },
    accessToken: { is: 'key', role: 'service-account' },
    serviceAccount: { is: 'service-account' },
  },
} as const satisfies Provision;

declare module '../../core/dialect-name.ts' {
  interface DialectCredentials {
    readonly webmarketer: ShownBy<(typeof provision)['credentials']>;
  }
}
