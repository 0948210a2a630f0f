import { randomBytes } from 'node:crypto';
import type { Provision, ShownBy } from '../../core/workspace/provision.ts';

export const provision = {
  dialect: 'contacthub',
  nodeSettings: {
    uniqueCustomer: { properties: ['base.contacts.email'], caseSensitive: false },
    uniquenessPolicy: 'MERGE',
  },
  keys: {
    roles: [
      'TRUSTED_APPLICATION',
      'UNTRUSTED_APPLICATION',
      'USER',
      'GUEST',
      'ADMIN',
      'CLAB_OPERATOR',
      'PLATFORM_UPDATES',
      'DPO',
    ],
    // As the vendor's tokens are, whose example page reads them with `[a-z0-9-]*`.
    make: () => randomBytes(32).toString('hex'),
    keepsHolder: true,
  },
  credentials: {
    token: { is: 'key', role: 'TRUSTED_APPLICATION' },
    adminToken: { is: 'key', role: 'ADMIN' },
    operatorToken: { is: 'key', role: 'CLAB_OPERATOR' },
    dpoToken: { is: 'key', role: 'DPO' },
    workspaceId: { is: 'workspace-id' },
    nodeId: { is: 'node-id' },
  },
} as const satisfies Provision;

declare module '../../core/dialect-name.ts' {
  interface DialectCredentials {
    readonly contacthub: ShownBy<(typeof provision)['credentials']>;
  }
}
