import { nameFault } from '../../../core/quarantine/explain-violation.ts';
import type { Explained, Explainer, Fault } from '../../../core/quarantine/remedy.ts';
import { isRecord } from '../../../core/value/text.ts';
import { pathOfField } from './definition.ts';

/** Where a trashed event is wrong, and which field of its type could be changed for it. */
export const explainTrashed: Explainer = {
  faultsOf: ({ detail }) => {
    const faults = fieldsAtFault(detail).map(
      ({ type, field }): Fault => ({ path: pathOfField(field), message: nameFault(type) }),
    );
    return faults.length > 0 ? faults : undefined;
  },
  remedyOf: ({ rule, type, detail }) => {
    if (rule !== 'missing-field' && rule !== 'invalid-field') return undefined;
    const [first] = fieldsAtFault(detail);
    const text =
      rule === 'missing-field'
        ? 'Send the field, or make it optional, then send it again or replay it.'
        : 'Send a value of the field’s type, or give the field another type or make it optional, then send it again or replay it.';
    return { text, change: 'event-field', type, field: first?.field.storageKey ?? null };
  },
};

interface FieldAtFault {
  readonly type: string;
  readonly field: { readonly storageKey: string; readonly ingestionKey: string | null };
}

/** The fields that the trash names; of a group of events there is none to be named. */
function fieldsAtFault(detail: Explained['detail']): readonly FieldAtFault[] {
  return Array.isArray(detail.errors) ? detail.errors.flatMap(readFault) : [];
}

function readFault(error: unknown): readonly FieldAtFault[] {
  if (!isRecord(error) || typeof error.type !== 'string' || !isRecord(error.field)) return [];
  const { storageKey, ingestionKey } = error.field;
  if (typeof storageKey !== 'string') return [];
  const key = typeof ingestionKey === 'string' ? ingestionKey : null;
  return [{ type: error.type, field: { storageKey, ingestionKey: key } }];
}
