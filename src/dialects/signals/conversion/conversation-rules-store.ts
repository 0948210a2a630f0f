import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspacePart } from '../../../core/workspace/workspace-part.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { isTextType } from '../conversation/conversation-event.ts';
import { type ConversationRules, type Conversion, type TextRule, windowOf } from '../conversation/rules.ts';
import { readConversions } from './conversion-store.ts';
import type { EventGroup } from './event-group.ts';
import { readEventGroups } from './event-group-store.ts';

/** What a workspace has set up for the events of its conversations, and the ads of the campaigns that it concerns. */
export const conversationRules: WorkspacePart<ConversationRules> = {
  read: async (connection, workspaceId, { dialects }) => ({
    windowMilliseconds: windowOf(dialects.signals),
    ...(await readRules(connection, workspaceId)),
  }),
};

async function readRules(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<Pick<ConversationRules, 'conversions' | 'textRules' | 'campaignOfAd'>> {
  const [conversions, groups, ads] = await Promise.all([
    readConversions(connection, workspaceId),
    readEventGroups(connection, workspaceId),
    connection.query<{ id: string; campaign_id: string }>(
      `select a.id, a.campaign_id from ad a
        where a.workspace_id = $1
          and (exists (select from conversion c where c.workspace_id = $1 and c.campaign_id = a.campaign_id)
               or exists (select from event_group g where g.workspace_id = $1 and g.campaign_id = a.campaign_id))`,
      [workspaceId],
    ),
  ]);
  return {
    conversions: new Map(
      conversions.map((conversion) => [conversion.campaignId, withoutRedundantId(conversion)]),
    ),
    textRules: groups.flatMap(textRulesOf),
    campaignOfAd: new Map(ads.map((ad) => [ad.id, ad.campaign_id])),
  };
}

/** The vendor's sample gives both, and its id is none that a client could know before such an event was raised. */
function withoutRedundantId(conversion: Conversion): Conversion {
  return conversion.typeValue === null ? conversion : { ...conversion, typeId: null };
}

/** Events of the other types are raised anyway: a group of those only counts. */
function textRulesOf({ id, type, typeValue, adId, campaignId, archivedAt }: EventGroup): TextRule[] {
  if (!isTextType(type) || typeValue === null) return [];
  return [
    { type, value: typeValue, adId, campaignId, archivedAt: archivedAt?.getTime() ?? null, groupId: id },
  ];
}
