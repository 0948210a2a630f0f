import { maximumDepth, maximumProperties } from '../event/storable.ts';
import type { Violation } from './quarantine.ts';
import type { ChangeKind } from './remedy.ts';

/** What was wrong, what would be right, and where that is changed. */
interface Explanation {
  readonly wrong: string;
  readonly remedy: string;
  readonly change: ChangeKind;
}

const replayIt = 'send it again or replay it';

/**
 * What each rule of the engine, and those that dialects share, says to who sent the event: what was wrong, and what would be right.
 * A dialect's own detail (which field, which type) says more where it has one.
 */
const explanations: Readonly<Record<string, Explanation>> = {
  'text-not-storable': {
    wrong: 'a text holds U+0000 or half of a surrogate pair, which no text can',
    remedy: 'take it out, or send U+FFFD in its place',
    change: 'sender',
  },
  'number-not-storable': {
    wrong: 'a number is too large (1.8e308 at most)',
    remedy: 'send a smaller one, or its digits as text',
    change: 'sender',
  },
  'time-not-storable': {
    wrong: 'a time is out of range',
    remedy: 'send one of the years 1 to 9999',
    change: 'sender',
  },
  'nested-too-deep': {
    wrong: 'it is nested too deeply',
    remedy: `send at most ${maximumDepth} levels of objects and lists`,
    change: 'sender',
  },
  'too-many-properties': {
    wrong: 'it has too many properties',
    remedy: `send at most ${maximumProperties}, or fewer with objects in them`,
    change: 'sender',
  },
  'name-too-long': {
    wrong: 'a name is too long',
    remedy: 'shorten it to 255 characters',
    change: 'sender',
  },
  'value-too-long': {
    wrong: 'a value is too long',
    remedy: 'shorten it to 255 characters',
    change: 'sender',
  },
  'refused-by-database': {
    wrong: 'the database refused it for what it holds, mostly for its size',
    remedy: 'send less of it, and say so to who runs this server, whose log has the cause',
    change: 'server-log',
  },
  'unknown-event-type': {
    wrong: 'its type is not defined',
    remedy: 'create the event type, or correct the name, then send it again under another key or replay it',
    change: 'event-type',
  },
  'source-archived': {
    wrong: 'the source that it came in by is archived',
    remedy: 'have the source taken back into use, then replay it',
    change: 'sources',
  },
  'archived-event-type': {
    wrong: 'its type is archived',
    remedy: `send another type, or have the type taken back into use, then ${replayIt}`,
    change: 'event-type',
  },
  'disabled-event-type': {
    wrong: 'its type is disabled',
    remedy: `enable the type, or send another one, then ${replayIt}`,
    change: 'event-type',
  },
  'too-many-event-types': {
    wrong: 'the workspace has no room for another event type',
    remedy: 'delete types that are not needed (throughline event-types delete), then replay it',
    change: 'event-types',
  },
  'unknown-list': {
    wrong: 'there is no such list',
    remedy: `create it, or correct ListID, then ${replayIt}`,
    change: 'sources',
  },
  'missing-field': {
    wrong: 'a mandatory field is missing',
    remedy: `send it, or make it optional, then ${replayIt}`,
    change: 'sender',
  },
  'invalid-field': {
    wrong: 'a field has a value that is not of its type',
    remedy: 'correct it, then send it again',
    change: 'sender',
  },
  'unknown-node': {
    wrong: 'there is no such node',
    remedy: `create it, or correct nodeId, then ${replayIt}`,
    change: 'nodes',
  },
  'unknown-dialect': {
    wrong: 'its API is not served any more',
    remedy: 'it can be read here, but not be replayed',
    change: 'nothing',
  },
};

/** The rules that have a sentence. */
export const explainedRules: ReadonlySet<string> = new Set(Object.keys(explanations));

/** What was wrong with an event, where, and what would be right; without its values, since messages are logged. */
export function explainViolation({ rule, path }: Pick<Violation, 'rule' | 'path'>): string {
  const explanation = explanations[rule];
  const sentence = explanation ? `${explanation.wrong}: ${explanation.remedy}` : rule.replaceAll('-', ' ');
  return path ? `At ${path}: ${sentence}.` : toSentence(sentence);
}

/** What a rule says is wrong, as a sentence. */
export function nameFault(rule: string): string {
  return toSentence(explanations[rule]?.wrong ?? rule.replaceAll('-', ' '));
}

/** What would be right, as a sentence, and the kind of what is changed for it. */
export function explainRemedy(rule: string): { readonly text: string; readonly change: ChangeKind } {
  const { remedy = 'correct what is sent, then send it again', change = 'sender' } = explanations[rule] ?? {};
  return { text: toSentence(remedy), change };
}

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
