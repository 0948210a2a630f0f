import { isUuid } from '../id.ts';
import { type Key, keyText, maximumKeyLength } from '../identity/identity.ts';
import { emailKey, normalizePhone } from '../value/normal-form.ts';
import { isRecord } from '../value/text.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { DialectErasure } from './erasure.ts';

/** A key that somebody may have, or a profile's id. */
export type Candidate = Key | { readonly profileId: string };

/** Two candidates are the same when their texts are; tombstones are made of it. */
export function candidateText(candidate: Candidate): string {
  return 'profileId' in candidate ? `profile\n${candidate.profileId.toLowerCase()}` : keyText(candidate);
}

/** Texts of one document that are looked at: a body has at most as many, whatever its sender makes of it. */
const maximumTexts = 100_000;
const longestText = 100_000;
const looksLikePhone = /^\+?[\d\s()./-]{5,24}$/;
const betweenWords = /[\s,;<>"'()[\]{}|]+/;

/**
 * The keys that may be meant by something in a body and what is kept beside it, whoever's: every address, number and profile's id in it,
 * and what the dialect knows by a member's name. A body that is no JSON is read as a form, and word by word.
 */
export function findCandidates(
  body: Uint8Array | string,
  beside: readonly unknown[],
  workspace: Workspace,
  { keysOfMember }: Pick<DialectErasure, 'keysOfMember'> = {},
): Candidate[] {
  const found = new Map<string, Candidate>();
  const add = (candidate: Candidate) => found.set(candidateText(candidate), candidate);
  for (const { name, text } of textsOf(body, beside)) {
    for (const key of keysOfMember?.(name, text, workspace) ?? [])
      if (key.value.length <= maximumKeyLength) add(key);
    for (const key of contactsIn(text, workspace.settings.phoneCountries)) add(key);
    if (isUuid(text.toLowerCase())) add({ profileId: text.toLowerCase() });
  }
  return [...found.values()];
}

function* contactsIn(text: string, phoneCountries: readonly string[]): Generator<Key> {
  if (text.includes('@')) {
    for (const word of [text, ...text.split(betweenWords)]) {
      const email = emailKey(word.replace(/^mailto:/i, ''));
      if (email) yield { kind: 'email', value: email };
    }
  }
  if (!looksLikePhone.test(text)) return;
  const digits = text.replaceAll(/\D/g, '');
  const spellings = [normalizePhone(text, phoneCountries), normalizePhone(`+${digits}`, []), `+${digits}`];
  for (const value of spellings) if (value !== undefined) yield { kind: 'phone', value };
}

interface NamedText {
  readonly name: string;
  readonly text: string;
}

function* textsOf(body: Uint8Array | string, beside: readonly unknown[]): Generator<NamedText> {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const document = parse(text);
  let left = maximumTexts;
  const queue: { name: string; value: unknown }[] = [document ?? formOf(text), ...beside].map((value) => ({
    name: '',
    value,
  }));
  for (let next = queue.pop(); next !== undefined && left > 0; next = queue.pop()) {
    const { name, value } = next;
    if (Array.isArray(value)) for (const item of value) queue.push({ name, value: item });
    else if (isRecord(value))
      for (const [member, item] of Object.entries(value)) queue.push({ name: member, value: item });
    else if (value !== null && value !== undefined) {
      left--;
      const shown = String(value).slice(0, longestText);
      const inner = shown.startsWith('{') || shown.startsWith('[') ? parse(shown) : undefined;
      if (inner !== undefined) queue.push({ name, value: inner });
      else yield { name, text: shown.trim() };
    }
  }
}

/** Undefined for what is no document. Digits that a double would change are none of an address, and of no number of a phone. */
function parse(text: string): object | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}

/** A form's fields, and the text itself: what is no form has no fields that mean anything. */
function formOf(text: string): unknown {
  return [text, [...new URLSearchParams(text)].map(([name, value]) => ({ [name]: value }))];
}
