import { findUnstorable } from '../../../../core/event/storable.ts';
import { invalid, parseDate, parseObject, requireText, toText } from '../parse.ts';

const maximumNodeDataLength = 10_000;
const maximumIdLength = 200;

export interface OfflineInteraction {
  /** Undefined: the time of receipt. */
  readonly date: Date | undefined;
  readonly userData: Record<string, unknown>;
  readonly wmktId: string;
  /** The campaign's id or slug. */
  readonly cid: string | null;
  /** As it was sent. */
  readonly nodeData: Record<string, unknown>;
}

/** docs/spec/webmarketer.md A4. @throws RequestError `invalid-request` */
export function parseOfflineInteraction(body: unknown): OfflineInteraction {
  const { date, userData, nodeData } = parseObject(body, 'body');
  const node = parseObject(nodeData ?? {}, 'nodeData');
  const { wmktId, cid } = node;
  // The words of the vendor's sample.
  if (isAbsent(wmktId)) throw invalid('wmktId must be present in nodeData');
  if (findUnstorable(node) || JSON.stringify(node).length > maximumNodeDataLength)
    throw invalid(`nodeData must be storable JSON of at most ${maximumNodeDataLength} characters`);
  return {
    date: parseDate(date, 'date'),
    userData: parseUserData(userData),
    // Ids of the sample are digits, which some clients send as a number.
    wmktId: requireText(toText(wmktId, 'nodeData.wmktId'), 'nodeData.wmktId', maximumIdLength),
    cid: isAbsent(cid) ? null : requireText(toText(cid, 'nodeData.cid'), 'nodeData.cid', maximumIdLength),
    nodeData: node,
  };
}

function parseUserData(value: unknown): Record<string, unknown> {
  const userData = parseObject(value, 'userData');
  if (findUnstorable(userData)) throw invalid('userData must be storable JSON');
  return userData;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
