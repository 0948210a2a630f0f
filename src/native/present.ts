import type { Static } from 'typebox';
import type { EventType } from '../core/event-type/event-type.ts';
import type { Link } from '../core/link/link.ts';
import type { StoredLink } from '../core/link/link-store.ts';
import type { LinkChange } from '../core/link/manage-links.ts';
import type { Node } from '../core/node/node.ts';
import { explainViolation } from '../core/quarantine/explain-violation.ts';
import type { QuarantinedEvent } from '../core/quarantine/quarantine.ts';
import type { Source } from '../core/source/source.ts';
import type { Binding } from '../core/workspace/binding-store.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Outcome } from '../ingest/outcome.ts';
import { type AccountedHour, closes } from '../query/accounting/read-accounting.ts';
import type { PersonEvent } from '../query/events/read-events.ts';
import type { Person } from '../query/people/find-person.ts';
import type { QuarantinedSummary } from '../query/quarantine/read-quarantine.ts';
import type {
  BindingSchema,
  EventTypeSchema,
  NodeSchema,
  SourceSchema,
  WorkspaceReply,
  WorkspaceSchema,
} from './schemas/configuration.ts';
import type {
  AccountingReply,
  EventSchema,
  LinkChangeReply,
  LinkSchema,
  PersonReply,
  QuarantinedReply,
  QuarantinedSchema,
  ReplayReply,
  StoredLinkSchema,
} from './schemas/data.ts';

/* Every field of every answer is listed here: what a store gains is not shown by itself. */

export function presentWorkspace(workspace: Workspace): Static<typeof WorkspaceSchema> {
  const { matching, phoneCountries, rateLimits, dialects } = workspace.settings;
  return {
    id: workspace.publicId,
    slug: workspace.slug,
    name: workspace.name,
    timezone: workspace.timezone,
    currency: workspace.currency,
    matching,
    phoneCountries,
    rateLimits,
    dialects,
    createdAt: timeOf(workspace.createdAt),
  };
}

export function presentWholeWorkspace(
  workspace: Workspace,
  bindings: readonly Binding[],
): Static<typeof WorkspaceReply> {
  return { ...presentWorkspace(workspace), bindings: presentBindings(workspace, bindings) };
}

/** Names that were given, and those that follow from ids: Contacthub's workspace and nodes, and the sources. */
export function presentBindings(
  workspace: Workspace,
  bindings: readonly Binding[],
): Static<typeof BindingSchema>[] {
  const names = bindings.map(({ dialect, kind, externalId }) => ({ dialect, kind, externalId }));
  names.push({ dialect: 'contacthub', kind: 'workspace', externalId: workspace.publicId });
  for (const node of workspace.nodes.values()) {
    if (node.dialect === 'contacthub')
      names.push({ dialect: 'contacthub', kind: 'node', externalId: node.publicId });
  }
  for (const { dialect, kind, externalId } of workspace.sources.values()) {
    if (dialect !== 'signals') names.push({ dialect, kind, externalId });
  }
  return names;
}

export function presentNode(node: Node): Static<typeof NodeSchema> {
  return {
    id: node.publicId,
    dialect: node.dialect,
    kind: node.kind,
    name: node.name,
    isDefault: node.isDefault,
    settings: { ...node.settings },
    createdAt: timeOf(node.createdAt),
  };
}

export function presentSource(workspace: Workspace, source: Source): Static<typeof SourceSchema> {
  return {
    id: source.publicId,
    dialect: source.dialect,
    kind: source.kind,
    externalId: source.externalId,
    name: source.name,
    node: workspace.nodes.get(source.nodeId)!.publicId,
    settings: source.settings,
    createdAt: timeOf(source.createdAt),
    archivedAt: timeOrNull(source.archivedAt),
  };
}

export function presentEventType(type: EventType): Static<typeof EventTypeSchema> {
  return {
    id: type.publicId,
    dialect: type.dialect,
    name: type.name,
    version: type.version,
    definition: type.definition,
    createdAt: timeOf(type.createdAt),
    updatedAt: timeOf(type.updatedAt),
    archivedAt: timeOrNull(type.archivedAt),
    keyless: type.keyless,
  };
}

export function presentEvent(workspace: Workspace, event: PersonEvent): Static<typeof EventSchema> {
  const source = event.sourceId === null ? undefined : workspace.sources.get(event.sourceId);
  return {
    seq: event.seq,
    id: event.id,
    type: event.type,
    typeVersion: event.typeVersion,
    dialect: event.dialect,
    profileId: event.profileId,
    personId: event.personId,
    sourceId: source?.publicId ?? null,
    context: event.context,
    occurredAt: timeOf(event.occurredAt),
    receivedAt: timeOf(event.receivedAt),
    updatedAt: timeOrNull(event.updatedAt),
    version: event.version,
    properties: event.properties,
    dropped: Array.isArray(event.detail?.dropped) ? event.detail.dropped.map(String) : [],
  };
}

export function presentPerson(person: Person): Static<typeof PersonReply> {
  return {
    id: person.id,
    profiles: person.profiles.map((profile) => ({
      id: profile.id,
      dialect: profile.dialect,
      node: profile.node,
      recordId: profile.recordId,
      anonymous: profile.anonymous,
      keys: profile.keys.map(({ kind, value }) => ({ kind, value })),
      attributes: profile.attributes,
      createdAt: timeOf(profile.createdAt),
      updatedAt: timeOf(profile.updatedAt),
    })),
    profileCount: person.profileCount,
  };
}

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

export function presentAccounting(
  since: Date,
  until: Date,
  hours: readonly AccountedHour[],
): Static<typeof AccountingReply> {
  return {
    since: timeOf(since),
    until: timeOf(until),
    closes: hours.every(closes),
    hours: hours.map((hour) => ({
      dialect: hour.dialect,
      hour: timeOf(hour.hour),
      received: hour.received,
      stored: hour.stored,
      duplicate: hour.duplicate,
      quarantined: hour.quarantined,
      dropped: hour.dropped,
      droppedBy: hour.droppedBy,
      closes: closes(hour),
      derived: hour.derived,
      deleted: hour.deleted,
      refused: hour.refused,
      refusedBy: hour.refusedBy,
      attributesDroppedBy: hour.attributesDroppedBy,
      linksCapped: hour.linksCapped,
    })),
  };
}

export function presentQuarantinedSummary(event: QuarantinedSummary): Static<typeof QuarantinedSchema> {
  return {
    id: event.id,
    dialect: event.dialect,
    type: event.type,
    rule: event.rule,
    message: explainViolation(event),
    path: event.path,
    occurredAt: timeOf(event.occurredAt),
    receivedAt: timeOf(event.receivedAt),
    processedAt: timeOf(event.processedAt),
    replayedAt: timeOrNull(event.replayedAt),
  };
}

export function presentQuarantined(event: QuarantinedEvent): Static<typeof QuarantinedReply> {
  return {
    ...presentQuarantinedSummary(event),
    detail: event.detail,
    raw: Buffer.from(event.raw).toString(),
  };
}

export function presentReplay(
  outcome: Extract<Outcome, { kind: 'stored' | 'saved' | 'duplicate' | 'dropped' }>,
): Static<typeof ReplayReply> {
  const none = { eventId: null, seq: null, profileId: null, reason: null };
  switch (outcome.kind) {
    case 'stored':
      return {
        ...none,
        outcome: 'stored',
        eventId: outcome.eventId,
        seq: outcome.seq,
        profileId: outcome.profileId,
      };
    case 'saved':
      return { ...none, outcome: 'saved', profileId: outcome.profileIds[0] ?? null };
    case 'duplicate':
      return { ...none, outcome: 'duplicate', eventId: outcome.eventId };
    case 'dropped':
      return { ...none, outcome: 'dropped', reason: outcome.reason };
  }
}

export function timeOf(date: Date): string {
  return date.toISOString();
}

export function timeOrNull(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
