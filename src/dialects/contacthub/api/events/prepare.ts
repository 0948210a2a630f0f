import { cutText } from '../../../../core/cut-text.ts';
import { storableText } from '../../../../core/event/storable.ts';
import type { Key } from '../../../../core/identity/identity.ts';
import type { QuarantinedEvent } from '../../../../core/quarantine/quarantine.ts';
import type { SourceName } from '../../../../core/source/source.ts';
import { isRecord } from '../../../../core/value/text.ts';
import { defaultNode, type Workspace } from '../../../../core/workspace/workspace.ts';
import { parseJson } from '../../../../http/body.ts';
import { type Reading, submissionOf } from '../../../../http/ingest-operation.ts';
import type { EventItem, KeyedSubject, Prepared } from '../../../../ingest/item.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import { findNode } from '../../access.ts';
import { metricsOf } from '../../analytics/order-metrics.ts';
import { touchpointOf } from '../../analytics/touchpoints.ts';
import { parseVendorDate } from '../../documents/dates.ts';
import type { SchemaError } from '../../documents/validate.ts';
import type { BringBackProperties, EventBody, FreeObject } from '../../documents/wire.ts';
import { productsInBatch } from '../../product/products-in-batch.ts';
import { activityInBatch } from '../../projection/count-activity.ts';
import { eventValuesInBatch } from '../../projection/event-values/event-values.ts';
import { withoutConsent } from '../../rules/event-consents.ts';
import { eventRulesOf, validateExtensions } from '../../rules/event-rules.ts';
import { sourceOfAuthor } from '../../source/source.ts';
import { type Client, type EventRequest, parseEvent } from './parse.ts';

/** The longest user agent that is kept. */
const maximumUserAgent = 1000;

const places = { type: '/type', occurredAt: '/date', properties: '/properties' } as const;

/** The event of one request. `source`: by which it comes in; null where a user's token sends it. */
export function readingOf(event: EventRequest, source: SourceName | null): Reading {
  return {
    source,
    carriesEvents: true,
    size: 1,
    prepare: (workspace, receivedAt) => [prepareEvent(event, workspace, receivedAt)],
    request: { ...event.client, ...(source && { sourceId: source.externalId }) },
  };
}

/** Another attempt at a quarantined event. */
export function replay(event: QuarantinedEvent): Submission {
  const text = Buffer.from(event.raw).toString();
  const { ip = null, userAgent = null } = event.request as Partial<Client>;
  const { sourceId } = event.request;
  const source = sourceOfAuthor({ sourceId: typeof sourceId === 'string' ? sourceId : null });
  const reading = readingOf(parseEvent(parseJson(text), { ip, userAgent }), source);
  return { ...submissionOf('contacthub', reading, text, event.receivedAt.getTime()), raw: () => event.raw };
}

/** What the engine is told of an event. */
function prepareEvent(request: EventRequest, workspace: Workspace, receivedAt: number): Prepared {
  const { body, errors } = request;
  const date = typeof body.date === 'string' ? parseVendorDate(body.date) : undefined;
  const occurredAt = date?.getTime() ?? receivedAt;
  const violation = (rule: string, found: readonly SchemaError[]): Prepared => {
    const items = found.map((item) => ({ ...item, path: storableText(item.path) }));
    const detail = { errors: items };
    return {
      kind: 'violation',
      type: storableText(body.type),
      occurredAt,
      violation: { rule, path: items[0]!.path, detail },
    };
  };
  const { type, properties, tracking } = body;
  if (errors.length > 0) return violation('invalid-field', errors);
  const rules = eventRulesOf(workspace, type);
  if (!rules.isEnabled) {
    const message = `${type} is disabled`;
    return violation('disabled-event-type', [{ path: '/type', message, data: null }]);
  }
  const unfit = validateExtensions(rules, properties);
  if (unfit.length > 0) return violation('invalid-field', unfit);
  const subject = subjectOf(body, workspace);
  if (!subject) {
    const path = '/bringBackProperties/nodeId';
    return violation('unknown-node', [{ path, message: 'node not found', data: null }]);
  }
  const touchpoint = touchpointOf({ type, properties, tracking, occurredAt });
  return {
    kind: 'event',
    ...subject,
    ...(rules.consents.length > 0 ? { withhold: withoutConsent(rules.consents) } : {}),
    ...(touchpoint ? { touchpoint } : {}),
    places,
    event: {
      type,
      typeVersion: null,
      occurredAt,
      sourceId: null,
      context: body.context,
      properties,
      detail: {
        contextInfo: withClient(body.contextInfo, request.client),
        ...(tracking ? { tracking } : {}),
        ...(body.bringBackProperties ? { bringBackProperties: body.bringBackProperties } : {}),
      },
      metrics: metricsOf(type, properties, occurredAt, workspace.currency),
      projections: [
        activityInBatch,
        ...(rules.updatesProducts ? [productsInBatch] : []),
        ...(rules.indexed.size > 0 ? [eventValuesInBatch] : []),
      ],
    },
  };
}

/** Whose event it is: a customer's, named by the id, or that of whom a session or the customer's own id will turn out to be. */
function subjectOf(body: EventBody, workspace: Workspace): Pick<EventItem, 'nodeId' | 'subject'> | undefined {
  const { bringBackProperties, customerId } = body;
  if (!bringBackProperties) {
    // Wherever the customer lives: the engine takes the node of the profile that is named.
    const nodeId = defaultNode(workspace, 'contacthub').id;
    return { nodeId, subject: { profileId: customerId!.toLowerCase() } };
  }
  const node = findNode(workspace, bringBackProperties.nodeId);
  return node && { nodeId: node.id, subject: broughtBack(bringBackProperties) };
}

function broughtBack({ type, value }: BringBackProperties): KeyedSubject {
  const waiting = { contacts: [], anonymous: true, expects: 'any' } as const;
  if (type === 'SESSION_ID') return { ...waiting, keys: [{ kind: 'session', value }] };
  const external: Key = { kind: 'external', value };
  return { ...waiting, keys: [{ kind: 'externalReference', value }], standsInFor: [external] };
}

/** What the client says of itself counts; what it leaves out the request tells (inferred: docs/spec/contacthub.md C). */
function withClient(contextInfo: FreeObject | undefined, { ip, userAgent }: Client): FreeObject {
  const said = contextInfo?.client;
  const client = {
    ...(userAgent === null ? {} : { userAgent: cutText(userAgent, maximumUserAgent) }),
    ...(ip === null ? {} : { ip }),
    ...(isRecord(said) ? said : {}),
  };
  return Object.keys(client).length > 0 ? { ...contextInfo, client } : { ...contextInfo };
}
