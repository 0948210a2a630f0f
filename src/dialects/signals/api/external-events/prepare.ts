import { revenueMetric } from '../../../../core/metric/revenue.ts';
import type { QuarantinedEvent } from '../../../../core/quarantine/quarantine.ts';
import { defaultNode, findSource, type Workspace } from '../../../../core/workspace/workspace.ts';
import { parseJson } from '../../../../http/body.ts';
import type { EventItem } from '../../../../ingest/item.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import type { ExternalEventProperties } from '../../conversation/fact.ts';
import { conversationsInBatch } from '../../conversation/projection/decide-conversation.ts';
import { externalEventType } from '../../conversion/external-event.ts';
import { leadOf } from '../webhook/prepare.ts';
import { type ExternalEvent, parseExternalEvent, sentEventOf } from './parse.ts';

/** Marks what is kept of one in quarantine, beside messages. */
const replayKind = 'external-event';

/** @param event the body's `external_event`, without the key beside it: that is what would be kept in quarantine */
export function externalEventSubmission(
  event: ExternalEvent,
  sent: unknown,
  countries: readonly string[],
  receivedAt: number,
): Submission {
  const text = JSON.stringify({ external_event: sent });
  return {
    dialect: 'signals',
    source: event.appId === null ? null : { kind: 'app', externalId: event.appId },
    receivedAt,
    carriesEvents: true,
    bytes: text.length,
    size: 1,
    prepare: (workspace) => [prepareExternalEvent(event, workspace, receivedAt)],
    raw: () => text,
    request: { kind: replayKind, countries },
  };
}

export function isExternalEvent({ request }: QuarantinedEvent): boolean {
  return request.kind === replayKind;
}

export function replayExternalEvent({ raw, request, receivedAt }: QuarantinedEvent): Submission {
  const body = parseJson(Buffer.from(raw).toString());
  // Those that the number was read by when it came in; none are kept with what is older.
  const countries = Array.isArray(request.countries) ? request.countries.map(String) : [];
  const event = parseExternalEvent(body, countries);
  return externalEventSubmission(event, sentEventOf(body), countries, receivedAt.getTime());
}

/** The lead is made if it is unknown: its sales are kept, and belong to no conversation (docs/spec/signals.md B9). */
function prepareExternalEvent(event: ExternalEvent, workspace: Workspace, receivedAt: number): EventItem {
  const { action, revenue, phone, appId } = event;
  const app = appId === null ? undefined : findSource(workspace, 'signals', 'app', appId);
  const sourceId = app?.id ?? null;
  return {
    kind: 'event',
    nodeId: app?.nodeId ?? defaultNode(workspace, 'signals').id,
    subject: leadOf({ phone, userId: null, waId: null }),
    places: { properties: '/external_event' },
    event: {
      type: externalEventType,
      typeVersion: null,
      occurredAt: receivedAt,
      sourceId,
      context: null,
      properties: { ...propertiesOf(event) },
      detail: { phone, app_id: appId },
      metrics: revenue
        ? [
            {
              key: revenueMetric,
              kind: 'statistic',
              value: revenue.amount,
              currency: revenue.currency,
              raw: revenue.amount,
              occurredAt: receivedAt,
            },
          ]
        : [],
      projections: [conversationsInBatch],
    },
    touchpoint: {
      at: receivedAt,
      channel: 'offline',
      sourceId,
      campaign: null,
      adId: null,
      cost: null,
      detail: { action },
      arrival: null,
    },
  };
}

function propertiesOf({ action, revenue, previousId }: ExternalEvent): ExternalEventProperties {
  return {
    action,
    ...(revenue ? { revenue: revenue.amount, currency: revenue.currency } : {}),
    ...(previousId === null ? {} : { previous_external_event_id: previousId }),
  };
}
