import type { Workspace } from '../../core/workspace/workspace.ts';
import type { ShownConsent } from '../../query/consents/read-consents.ts';
import { timeOf } from '../date-times.ts';

export function presentConsent(workspace: Workspace, consent: ShownConsent) {
  return {
    id: consent.id,
    at: timeOf(consent.loggedAt),
    act: consent.act,
    property: consent.property,
    value: consent.value,
    dialect: workspace.nodes.get(consent.nodeId)?.dialect ?? null,
    profileId: consent.profileId,
    personId: consent.personId,
    sourceId: consent.author.sourceId,
    userId: consent.author.userId,
  };
}
