import type { Static } from 'typebox';
import type { Credential } from '../../core/credential/credential.ts';
import { timeOf, timeOrNull } from '../date-times.ts';
import type { KeySchema } from './schemas.ts';

export function presentKey(credential: Credential): Static<typeof KeySchema> {
  return {
    id: credential.id,
    kind: credential.kind,
    dialect: credential.dialect,
    role: credential.role,
    name: credential.name,
    subject: credential.subject,
    madeFrom: credential.madeFrom,
    createdAt: timeOf(credential.createdAt),
    lastUsedAt: timeOrNull(credential.lastUsedAt),
    expiresAt: timeOrNull(credential.expiresAt),
    revokedAt: timeOrNull(credential.revokedAt),
  };
}
