import { maximumDepth, maximumProperties } from '../event/storable.ts';
import type { Violation } from './quarantine.ts';

/**
 * What each rule of the engine, and those that dialects share, says to who sent the event: what was wrong, and what would be right.
 * A dialect's own detail (which field, which type) says more where it has one.
 */
const sentences: Readonly<Record<string, string>> = {
  'text-not-storable':
    'a text holds U+0000 or half of a surrogate pair, which no text can: take it out, or send U+FFFD in its place',
  'number-not-storable': 'a number is too large (1.8e308 at most): send a smaller one, or its digits as text',
  'time-not-storable': 'a time is out of range: send one of the years 1 to 9999',
  'nested-too-deep': `it is nested too deeply: send at most ${maximumDepth} levels of objects and lists`,
  'too-many-properties': `it has too many properties: send at most ${maximumProperties}, or fewer with objects in them`,
  'name-too-long': 'a name is too long: shorten it to 255 characters',
  'value-too-long': 'a value is too long: shorten it to 255 characters',
  'refused-by-database':
    'the database refused it for what it holds, mostly for its size: send less of it, and say so to who runs this server, whose log has the cause',
  'unknown-event-type':
    'its type is not defined: create the event type, or correct the name, then send it again under another key or replay it',
  'archived-event-type':
    'its type is archived: send another type, or have the type taken back into use, then send it again or replay it',
  'disabled-event-type':
    'its type is disabled: enable the type, or send another one, then send it again or replay it',
  'too-many-event-types':
    'the workspace has no room for another event type: delete types that are not needed (throughline event-types delete), then replay it',
  'unknown-list': 'there is no such list: create it, or correct ListID, then send it again or replay it',
  'missing-field':
    'a mandatory field is missing: send it, or make it optional, then send it again or replay it',
  'invalid-field': 'a field has a value that is not of its type: correct it, then send it again',
  'unknown-node': 'there is no such node: create it, or correct nodeId, then send it again or replay it',
  'unknown-dialect': 'its API is not served any more: it can be read here, but not be replayed',
};

/** The rules that have a sentence. */
export const explainedRules: ReadonlySet<string> = new Set(Object.keys(sentences));

/** What was wrong with an event, where, and what would be right; without its values, since messages are logged. */
export function explainViolation({ rule, path }: Pick<Violation, 'rule' | 'path'>): string {
  const sentence = sentences[rule] ?? rule.replaceAll('-', ' ');
  return path ? `At ${path}: ${sentence}.` : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
