import { comparePositions, type FactPosition, type MessageDetail } from '../../core/conversation/fact.ts';
import { type LeadState, leadStateName } from '../../core/conversation/lead-state.ts';
import { normalizePhone } from '../../core/field-type/normal-form.ts';
import type { Key } from '../../core/identity/identity.ts';
import type { Source } from '../../core/source/source.ts';
import { findSource, type Workspace } from '../../core/workspace/workspace.ts';
import type { Facet, Prepared } from '../../ingest/submission.ts';
import { type BadMessage, type DeliveredMessage, type ParsedMessage, parseMessage } from './parse.ts';

/** The type that every incoming message is stored under. The vendor's wire knows only the events that it raises. */
const messageType = 'message';

/** What the engine is told of one message of an app. */
export function prepareMessage(
  delivered: DeliveredMessage,
  appId: string,
  workspace: Workspace,
  receivedAt: number,
): Prepared {
  const app = findSource(workspace, 'signals', 'app', appId);
  // spec/signals.md C11: acknowledged and counted, not tracked.
  if (!app || app.settings.ctwaTracking === false) return { kind: 'dropped', reason: 'tracking-off' };
  const message = parseMessage(delivered);
  if ('rule' in message) return toViolation(message, receivedAt);
  return {
    kind: 'command',
    nodeId: app.nodeId,
    facets: [leadFacet(message, app)],
    event: {
      type: messageType,
      typeVersion: null,
      occurredAt: message.sentAt,
      sourceId: app.id,
      context: null,
      properties: message.content,
      detail: { ...detailOf(message, appId) },
      metrics: [],
      leadFact: 'message',
    },
  };
}

function toViolation({ rule, path }: BadMessage, receivedAt: number): Prepared {
  const violation = { rule, path: `/messages/0${path}`, detail: {} };
  return { kind: 'violation', type: messageType, occurredAt: receivedAt, violation };
}

function detailOf({ id, phone, profileName }: ParsedMessage, appId: string): MessageDetail {
  return { id, app_id: appId, phone, profile_name: profileName };
}

/** By what a lead is found. A number that the numbering plans don't know is a key all the same: WhatsApp vouches for it. */
export function leadKeys(phone: string): Key[] {
  const number = `+${phone}`;
  return [{ kind: 'phone', value: normalizePhone(number, []) ?? number }];
}

/** The lead, by its number. */
function leadFacet(message: ParsedMessage, app: Source): Facet {
  const { id, phone, sentAt, waId, profileName } = message;
  const position: FactPosition = { at: sentAt, rank: 0, id, sourceId: app.id };
  return {
    keys: leadKeys(phone),
    contacts: [],
    anonymous: false,
    expects: 'any',
    states: [leadStateName],
    write: (_values, states) => {
      const named = (states.get(leadStateName) as LeadState | undefined)?.named;
      // A message that comes late may carry the name that the lead has given up since.
      const isNewer = !named || comparePositions(named, position) < 0;
      return { waId, ...(profileName !== null && isNewer ? { name: profileName } : {}) };
    },
  };
}
