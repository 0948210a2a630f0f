import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at, atOwn, findReadNode, requireReadNode } from '../../access.ts';
import { notFound } from '../../errors.ts';
import type { SendSource } from '../../settings/send-sources.ts';
import { readHubSettings } from '../../settings.ts';
import { presentSendSource } from './present.ts';
import {
  AggregateParameters,
  DatabaseParameters,
  GroupParameters,
  GroupQuery,
  NodeParameters,
  SubscriberSourceParameters,
} from './schemas.ts';

/**
 * What databases of Contactsend's are fed from which nodes: documents that an operator keeps per workspace (native/send-sources.ts). What
 * names no workspace is of the token's own (ruling 8).
 */
export const sendSourceOperations: readonly Operation<Services>[] = [
  operation({
    ...atOwn('listSendSources'),
    summary: 'Get send source configurations',
    handle: ({ access: { workspace } }) => presentAll(workspace, sendSourcesOf(workspace)),
  }),
  operation({
    ...at('readNodeSendSource'),
    summary: 'Get node send source configuration',
    checks: { path: NodeParameters },
    handle: ({ access: { workspace }, path }) => {
      const { publicId } = requireReadNode(workspace, path.nodeId);
      const source = sendSourcesOf(workspace).find(({ nodeId }) => nodeId === publicId);
      if (!source) throw sendSourceNotFound(path.nodeId);
      return presentSendSource(source, workspace);
    },
  }),
  operation({
    ...atOwn('readSendSourceOfDatabase'),
    summary: 'Get send source configuration by user DB',
    checks: { path: DatabaseParameters },
    handle: ({ access: { workspace }, path }) => {
      const source = ofGroup(workspace, path.groupPk).find(({ userdbId }) => userdbId === path.userdbId);
      if (!source) throw sendSourceNotFound(path.userdbId);
      return presentSendSource(source, workspace);
    },
  }),
  operation({
    ...atOwn('listSendSourcesOfGroup'),
    summary: 'Get send source configurations by customer group',
    checks: { path: GroupParameters },
    handle: ({ access: { workspace }, path }) => presentAll(workspace, ofGroup(workspace, path.groupPk)),
  }),
  operation({
    ...at('listSendSourceSubscriptions'),
    summary: 'Get send source subscriptions',
    checks: { path: SubscriberSourceParameters, query: GroupQuery },
    handle: ({ access: { workspace }, path, query }) => {
      const sources = requireDatabase(workspace, path.subscriberSourceId, query.groupPk);
      return { elements: sources.flatMap(({ subscriptions = [] }) => subscriptions) };
    },
  }),
  operation({
    ...at('listSubscriberFields'),
    summary: 'Get send source subscriber fields',
    checks: { path: SubscriberSourceParameters, query: GroupQuery },
    handle: ({ access: { workspace }, path, query }) => {
      const sources = requireDatabase(workspace, path.subscriberSourceId, query.groupPk);
      return { elements: sources.flatMap(({ subscriberFields = [] }) => subscriberFields) };
    },
  }),
  operation({
    ...at('listAggregateSubscriptions'),
    summary: 'List aggregate node send source subscriptions',
    checks: { path: AggregateParameters },
    handle: ({ access: { workspace }, path }) => {
      const { publicId, kind } = requireReadNode(workspace, path.aggregateNodeId);
      if (kind !== 'aggregate') throw notFound('node', path.aggregateNodeId);
      const sources = sendSourcesOf(workspace).filter(({ nodeId }) => nodeId === publicId);
      return sources.flatMap(({ subscriptions = [] }) => subscriptions);
    },
  }),
];

/** Those of the nodes that the token may read. */
function sendSourcesOf(workspace: Workspace): readonly SendSource[] {
  const { sendSources = [] } = readHubSettings(workspace.settings.dialects.contacthub);
  return sendSources.filter(({ nodeId }) => findReadNode(workspace, nodeId));
}

function ofGroup(workspace: Workspace, groupPk: string): readonly SendSource[] {
  return sendSourcesOf(workspace).filter((source) => String(source.groupPk) === groupPk);
}

/** @throws RequestError `not-found` */
function requireDatabase(
  workspace: Workspace,
  id: string,
  groupPk: number | undefined,
): readonly SendSource[] {
  const sources = sendSourcesOf(workspace).filter(
    (source) => source.userdbId === id && (groupPk === undefined || source.groupPk === groupPk),
  );
  if (sources.length === 0) throw sendSourceNotFound(id);
  return sources;
}

function presentAll(workspace: Workspace, sources: readonly SendSource[]) {
  return { elements: sources.map((source) => presentSendSource(source, workspace)) };
}

function sendSourceNotFound(id: string): RequestError {
  return notFound('send source', id);
}
