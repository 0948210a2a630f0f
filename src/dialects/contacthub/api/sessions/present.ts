import type { RecordSession } from '../../query/record-sessions.ts';

export function presentSession({ linkId, value }: RecordSession) {
  return { id: linkId, value };
}
