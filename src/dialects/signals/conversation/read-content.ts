import { isRecord } from '../../../core/value/text.ts';
import type { ChoiceType, Referral } from './conversation.ts';

/** What the rules of conversations look at in a message. */
export interface MessageContent {
  /** False for what is no message of the lead's to the business. */
  readonly isFromLead: boolean;
  readonly referral: Referral | null;
  /** The button or list entry that the lead chose. */
  readonly choice: { readonly type: ChoiceType; readonly value: string | null } | null;
  /** What the lead wrote; null where there is no text. */
  readonly text: string | null;
}

/** Longer than any that Meta gives; what is longer is none. */
const maximumIdLength = 128;
const maximumClickIdLength = 1000;
/** A button's title has 25 characters at most. Values are keys of the counts by day, and an index entry has to hold them. */
const maximumChoiceLength = 256;
const maximumTextLength = 4096;

const media = ['image', 'video', 'document'] as const;

/**
 * What comes in as a message and is none of a lead's (docs/spec/signals.md ruling 10): notices of WhatsApp's own, what it can't show,
 * changes of a message that was counted, reactions and their taking back.
 */
const otherTypes = new Set([
  'system',
  'request_welcome',
  'unsupported',
  'unknown',
  'edit',
  'revoke',
  'reaction',
]);

/** Reads a message in the Cloud API's form (docs/spec/signals.md A5), as it came in and as it is stored. Whatever it is, there is an answer. */
export function readContent(message: Readonly<Record<string, unknown>>): MessageContent {
  return {
    isFromLead: !isOther(message),
    referral: readReferral(message.referral),
    choice: readChoice(message),
    text: readText(message),
  };
}

/** A message in a group is written to its members, not to the business. */
function isOther({ type, group_id: groupId }: Readonly<Record<string, unknown>>): boolean {
  const isInGroup = groupId !== undefined && groupId !== null && groupId !== '';
  return isInGroup || (typeof type === 'string' && otherTypes.has(type));
}

/** What brought the lead here, where it is an ad or a post; other things it may be are no click (B4). */
function readReferral(referral: unknown): Referral | null {
  if (!isRecord(referral)) return null;
  const { source_type: origin, source_id: referralId, ctwa_clid: clickId } = referral;
  if (origin !== 'ad' && origin !== 'post') return null;
  return { origin, referralId: idOf(referralId), clickId: textOf(clickId, maximumClickIdLength) };
}

/** B3, ruling 4: a template's button gives `button`, an interactive message's one `button_reply`; likewise for lists. */
function readChoice(message: Readonly<Record<string, unknown>>): MessageContent['choice'] {
  const { button, interactive } = message;
  if (message.type === 'button' && isRecord(button)) {
    return { type: 'button', value: choiceOf(button.text) ?? choiceOf(button.payload) };
  }
  if (message.type !== 'interactive' || !isRecord(interactive)) return null;
  const type = choiceTypeOf(interactive.type);
  if (!type) return null;
  const chosen = type === 'list' ? interactive.header : interactive[type];
  if (!isRecord(chosen)) return { type, value: null };
  return { type, value: choiceOf(chosen.title) ?? choiceOf(chosen.text) ?? choiceOf(chosen.id) };
}

function choiceTypeOf(type: unknown): ChoiceType | undefined {
  return type === 'button_reply' || type === 'list_reply' || type === 'list' ? type : undefined;
}

/** A text message's text, or what was written below a picture. */
function readText(message: Readonly<Record<string, unknown>>): string | null {
  if (isRecord(message.text)) return textOf(message.text.body, maximumTextLength);
  for (const kind of media) {
    const part = message[kind];
    if (isRecord(part)) return textOf(part.caption, maximumTextLength);
  }
  return null;
}

function choiceOf(value: unknown): string | null {
  return textOf(value, maximumChoiceLength);
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= maximumIdLength ? value : null;
}

/** Text, cut to a length that can be kept; null where there is none. */
export function textOf(value: unknown, maximumLength: number): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.length > maximumLength ? value.slice(0, maximumLength).toWellFormed() : value;
}
