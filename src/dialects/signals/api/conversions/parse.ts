import {
  type ConversationEventType,
  conversationEventTypes,
  isTextType,
} from '../../conversation/conversation-event.ts';
import { maximumRuleTextLength } from '../../conversation/match-text.ts';
import type { WantedConversion } from '../../conversion/conversion.ts';
import { maximumExternalIdLength, type ParameterReader, readerOfBody } from '../parameters.ts';

/** Of what was chosen from buttons and lists, of which the titles are shorter. */
const maximumChoiceLength = 256;

/** The body of `POST …/converted_events`. @throws RequestError `invalid-request` with everything that is wrong */
export function parseConversion(body: unknown): WantedConversion {
  const reader = readerOfBody(body);
  const campaignId = reader.requireText('campaign_id', maximumExternalIdLength);
  const type = reader.requireOneOf('type', conversationEventTypes);
  const typeValue = readTypeValue(reader, type);
  const typeId = reader.readHexId('type_id');
  // B6: a keyword is nothing without its text. A conversation without one is the automatic event.
  if (type === 'keyword' && !reader.isGiven('type_value') && !reader.isGiven('type_id'))
    reader.fault('type_value', 'field required: the text that is looked for', 'value_error.missing');
  reader.finish();
  return { campaignId: campaignId!, type: type!, typeValue, typeId };
}

/** `type_value` of an event of this type; null when it is not given or the type has no values. */
export function readTypeValue(reader: ParameterReader, type: ConversationEventType | null): string | null {
  const maximum = type !== null && isTextType(type) ? maximumRuleTextLength : maximumChoiceLength;
  if (type === null || type === 'engagement' || type === 'converted') {
    reader.readText('type_value', maximum);
    return null;
  }
  return reader.isGiven('type_value') ? (reader.requireText('type_value', maximum) ?? null) : null;
}
