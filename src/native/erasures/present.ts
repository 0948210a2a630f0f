import type { Static } from 'typebox';
import type { Erasure } from '../../core/erasure/erasure.ts';
import { timeOf } from '../date-times.ts';
import type { ErasureReply } from './schemas.ts';

export function presentErasure(erasure: Erasure, publicKey: string | null): Static<typeof ErasureReply> {
  const { id, personId, jobId, requestedBy, requestedAt, finished } = erasure;
  return {
    id,
    personId,
    jobId,
    requestedBy,
    requestedAt: timeOf(requestedAt),
    finishedAt: finished && timeOf(finished.at),
    receipt: finished?.receipt ?? null,
    signature: finished?.signature ?? null,
    publicKey,
  };
}
