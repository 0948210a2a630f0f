import { randomBytes, randomInt } from 'node:crypto';
import type { Provision, ShownBy } from '../../core/workspace/provision.ts';

const nameForm = /^[A-Za-z0-9_-]{1,64}$/;
const makeName = () => randomBytes(6).toString('hex');

/** As Meta's ids are; the first is not 0. */
function makeDigits(length: number): string {
  return `${randomInt(1, 10)}${Array.from({ length: length - 1 }, () => randomInt(10)).join('')}`;
}

export const provision = {
  dialect: 'signals',
  names: {
    partner: { form: nameForm, make: makeName },
    client: { form: nameForm, make: makeName, belongsTo: { kind: 'partner', setting: 'partnerId' } },
  },
  source: {
    kind: 'app',
    takes: 'events',
    form: /^[1-9]\d{0,19}$/,
    isName: true,
    makeId: () => makeDigits(9),
    belongsTo: { kind: 'client', setting: 'clientId' },
    first: {
      name: 'WhatsApp number',
      makeSettings: () => ({ adAccountId: makeDigits(15), ctwaTracking: true }),
    },
  },
  keys: { roles: ['hub-token', 'api-key'] },
  credentials: {
    token: { is: 'key', role: 'hub-token' },
    apiKey: { is: 'key', role: 'api-key' },
    partnerId: { is: 'name', kind: 'partner' },
    clientId: { is: 'name', kind: 'client' },
    appId: { is: 'source-id' },
    adAccountId: { is: 'source-setting', name: 'adAccountId' },
    appSecret: { is: 'source-secret', kind: 'app-secret' },
    verifyToken: { is: 'source-secret', kind: 'verify-token' },
    username: { is: 'username' },
    password: { is: 'password' },
  },
} as const satisfies Provision;

declare module '../../core/dialect-name.ts' {
  interface DialectCredentials {
    readonly signals: ShownBy<(typeof provision)['credentials']>;
  }
}
