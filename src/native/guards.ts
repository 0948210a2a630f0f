import type { Access } from '../core/credential/authenticator.ts';
import type { Credential } from '../core/credential/credential.ts';
import type { Guard } from '../http/operation.ts';
import { admitAdministrator, authenticate, enterEvenDeleted, enterWorkspace } from './admission.ts';
import type { NativeServices } from './services.ts';

/** Who may enter the workspace of the path: the administrator's key, and its own. */
export const inWorkspace: Guard<NativeServices, Access> = { admit: enterWorkspace };

/** The same, of a workspace that is being deleted, too. */
export const evenDeleted: Guard<NativeServices, Access> = { admit: enterEvenDeleted };

/** The administrator's key alone. */
export const administrator: Guard<NativeServices, Credential> = {
  admit: admitAdministrator,
  roles: ['admin'],
};

/** The administrator's key alone, in the workspace of the path. */
export const administratorIn: Guard<NativeServices, Access> = {
  admit: async (services, request) => {
    await admitAdministrator(services, request);
    return enterEvenDeleted(services, request);
  },
  roles: ['admin'],
};

/** Any key of this API. */
export const anyKey: Guard<NativeServices, Credential> = { admit: authenticate };
