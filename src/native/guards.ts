import type { Access } from '../core/credential/authenticator.ts';
import type { Credential } from '../core/credential/credential.ts';
import type { Guard } from '../http/operation.ts';
import { admitAdministrator, authenticate, enterWorkspace } from './admission.ts';
import type { NativeServices } from './services.ts';

/** Who may enter the workspace of the path: the administrator's key, and its own. */
export const inWorkspace: Guard<NativeServices, Access> = { admit: enterWorkspace };

/** The administrator's key alone. */
export const administrator: Guard<NativeServices, Credential> = {
  admit: admitAdministrator,
  roles: ['admin'],
};

/** Any key of this API. */
export const anyKey: Guard<NativeServices, Credential> = { admit: authenticate };
