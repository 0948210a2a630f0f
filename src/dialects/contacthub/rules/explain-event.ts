import type { Explainer, Fault } from '../../../core/quarantine/remedy.ts';
import { isRecord } from '../../../core/value/text.ts';

/** Where the events of a type are switched on, and given properties of their own. */
const settingOf = (type: string | null, member: 'enabled' | 'extended') =>
  `dialects.contacthub.events.${type ?? '*'}.${member}`;
const ownProperties = /^\/properties\/(?:products\/\d+\/)?extended(?:\/|$)/;

/** Where an event does not fit the vendor's schemas or the workspace's, and what could be changed for it. */
export const explainEvent: Explainer = {
  faultsOf: ({ detail }) => {
    const faults = Array.isArray(detail.errors) ? detail.errors.flatMap(readFault) : [];
    return faults.length > 0 ? faults : undefined;
  },
  remedyOf: ({ rule, type, path }) => {
    if (rule === 'disabled-event-type') return { change: 'setting', setting: settingOf(type, 'enabled') };
    if (rule !== 'invalid-field') return undefined;
    if (path === null || !ownProperties.test(path))
      return { text: 'Correct it, then send it again: the schema is the API’s own, and the same for all.' };
    const text =
      'Correct it and send it again, or change the extended properties of the type, then replay it.';
    return { text, change: 'setting', setting: settingOf(type, 'extended') };
  },
};

function readFault(error: unknown): readonly Fault[] {
  if (!isRecord(error) || typeof error.path !== 'string' || typeof error.message !== 'string') return [];
  return [{ path: error.path, message: error.message }];
}
