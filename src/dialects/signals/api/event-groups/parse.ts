import {
  type ConversationEventType,
  conversationEventTypes,
  isTextType,
} from '../../conversation/conversation-event.ts';
import { type EventGroup, type GroupFacts, groupStatuses } from '../../conversion/event-group.ts';
import type { GroupChange } from '../../conversion/manage-event-groups.ts';
import type { GroupQuestion } from '../../conversion/query/event-groups.ts';
import { readTypeValue } from '../conversions/parse.ts';
import { maximumExternalIdLength, readerOfBody, readerOfQuery } from '../parameters.ts';

/** The vendor states none. */
const maximumLimit = 1000;
const defaultLimit = 100;

/** The body of `POST …/event_groups`. @throws RequestError `invalid-request` with everything that is wrong */
export function parseNewGroup(body: unknown): GroupFacts {
  const reader = readerOfBody(body);
  const type = reader.requireOneOf('type', conversationEventTypes);
  const typeValue = readTypeValue(reader, type);
  if (type !== null && isTextType(type) && !reader.isGiven('type_value'))
    reader.fault('type_value', 'field required: the text that is looked for', 'value_error.missing');
  const readId = (name: string) =>
    reader.isGiven(name) ? (reader.requireText(name, maximumExternalIdLength) ?? null) : null;
  const facts = { typeValue, adId: readId('ad_id'), campaignId: readId('campaign_id') };
  reader.finish();
  return { type: type!, ...facts };
}

/** The body of `PATCH …/event_groups/{groupId}`; at least one of the two. @throws RequestError `invalid-request` */
export function parseGroupChange(body: unknown, group: EventGroup): GroupChange {
  const reader = readerOfBody(body);
  const status = reader.readOneOf('status', groupStatuses) ?? undefined;
  const typeValue = readTypeValue(reader, group.type) ?? undefined;
  if (reader.isGiven('type_value') && !hasValue(group.type))
    reader.fault('type_value', `an event group of type ${group.type} has no value`, 'value_error');
  if (!reader.isGiven('status') && !reader.isGiven('type_value'))
    reader.fault('status', 'field required: status or type_value', 'value_error.missing');
  reader.finish();
  return { status, typeValue };
}

/** The query of `GET …/event_groups`. @throws RequestError `invalid-request` with everything that is wrong */
export function parseGroupQuestion(query: unknown): GroupQuestion {
  const reader = readerOfQuery(query);
  const id = reader.readTypeId('event_type_id');
  const type = reader.readType('event_type');
  const question = {
    status: reader.readOneOf('status', groupStatuses),
    adId: reader.readText('ad_id') ?? null,
    limit: reader.readInteger('limit', 1, maximumLimit) ?? defaultLimit,
    offset: reader.readInteger('offset', 0, Number.MAX_SAFE_INTEGER) ?? 0,
  };
  reader.finish();
  const types = new Set([type, id.type].filter((one) => one !== null));
  return {
    ...question,
    // Both given and different: no group is of both types.
    types: types.size === 0 ? null : types.size === 1 ? [...types] : [],
    typeId: id.valueTypeId,
    value: id.value,
  };
}

function hasValue(type: ConversationEventType): boolean {
  return type !== 'engagement' && type !== 'converted';
}
