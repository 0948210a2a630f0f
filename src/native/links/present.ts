import type { Static } from 'typebox';
import type { LinkChange } from '../../change/link.ts';
import type { Link } from '../../core/link/link.ts';
import type { StoredLink } from '../../core/link/link-store.ts';
import { timeOf, timeOrNull } from '../date-times.ts';
import type { LinkChangeReply, LinkSchema, StoredLinkSchema } from './schemas.ts';

function presentLink(link: Link): Static<typeof LinkSchema> {
  return {
    id: link.id,
    first: link.firstProfile,
    second: link.secondProfile,
    scope: link.scope,
    origin: link.origin,
    evidence: link.evidence,
    exclusive: link.exclusive,
    rivals: [...link.rivals],
    createdSeq: link.createdSeq,
  };
}

export function presentStoredLink(link: StoredLink): Static<typeof StoredLinkSchema> {
  return {
    ...presentLink(link),
    createdAt: timeOf(link.createdAt),
    undoneAt: timeOrNull(link.undoneAt),
  };
}

export function presentLinkChange(change: LinkChange, dryRun: boolean): Static<typeof LinkChangeReply> {
  const link = presentLink(change.link);
  // A link that a dry run would make has no id and no seq yet.
  const unmade = dryRun && change.operation === 'create';
  return {
    dryRun,
    operation: change.operation,
    link: unmade ? { ...link, id: null, createdSeq: null } : link,
    moves: change.moves.map(({ profileId, from, to }) => ({
      profileId,
      from: { record: from.record, person: from.person },
      to: { record: to.record, person: to.person },
    })),
    stillHeldBy: change.stillHeldBy.map(presentLink),
  };
}
