import { dialects } from '../dialects/registry.ts';
import { findFault } from '../native/validation.ts';
import type { WantedChanges } from '../native/workspaces/merge-settings.ts';
import { workspaceChangesBody } from '../native/workspaces/settings.ts';
import { UsageError } from './command.ts';

/** Of `--setting`, which is named as in the native API. */
export const settingHelp = `  --setting PATH=VALUE  any setting of the native API, by its path and with its value as JSON; again for more. Examples:
                     dialects.octeth.requireEmail=true, dialects.webmarketer.retentionDurationInDays=365,
                     rateLimits.webengage:events=600, phoneCountries='["IT","FR"]'. Of a dialect's, others stay as they are, also those
                     within an object; null, or no value, takes one away
`;

/** @throws UsageError when one has not the form PATH=VALUE, is not known or has a value that it can't have */
export function readSettings(given: readonly string[]): WantedChanges {
  const changes: Record<string, unknown> = {};
  for (const text of given) {
    const end = text.indexOf('=');
    if (end < 1) throw new UsageError(`--setting "${text}" is not of the form PATH=VALUE`);
    set(changes, splitPath(text.slice(0, end)), readValue(text.slice(end + 1)));
  }
  const form = workspaceChangesBody(dialects);
  const fault = given.length > 0 ? findFault(form, changes, 'setting') : undefined;
  if (fault) throw new UsageError(fault.message.replace(/\.$/, ''));
  return changes;
}

/** The names of rates have dots in them. */
function splitPath(path: string): string[] {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) return [first];
  return first === 'rateLimits' ? [first, rest.join('.')] : [first, ...rest];
}

function readValue(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function set(into: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const inner = Object.hasOwn(into, name) ? into[name] : undefined;
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  into[name] = next;
  set(next, rest, value);
}
