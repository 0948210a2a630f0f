import type { Definition, Field } from './definition.ts';

/** A field as it is being written. `id`: of its place in the form, while the form is open. */
export interface FieldDraft extends Field {
  readonly id: number;
}

/** A definition as it is being written. */
export interface DefinitionDraft {
  readonly name: string;
  readonly fields: readonly FieldDraft[];
  readonly attributable: boolean;
  readonly policy: 'none' | 'project' | 'own' | 'never';
  /** Of the policy `own`, as it is written. */
  readonly days: string;
}

export const emptyField: Field = {
  type: 'string',
  entity: 'event',
  storageKey: '',
  ingestionKey: null,
  discriminant: false,
  isPii: false,
  isMostProbableLocation: false,
  optional: false,
};

export function draftOf({ name, fields, attributable, expirationPolicy }: Definition): DefinitionDraft {
  return {
    name,
    fields: fields.map((field, id) => ({ ...field, id })),
    attributable,
    policy: policyOf(expirationPolicy),
    days: String(expirationPolicy?.retentionDurationInDays ?? ''),
  };
}

function policyOf(policy: Definition['expirationPolicy']): DefinitionDraft['policy'] {
  if (policy === null) return 'none';
  if (policy.from === 'project') return 'project';
  return policy.retentionDurationInDays === null ? 'never' : 'own';
}

/** What is sent of it. */
export function bodyOf({ name, fields, attributable, policy, days }: DefinitionDraft) {
  return {
    name,
    attributable,
    fields: fields.map(({ id: _, ...field }) => field),
    expirationPolicy:
      policy === 'none'
        ? null
        : {
            from: policy === 'project' ? ('project' as const) : ('event-type' as const),
            retentionDurationInDays: policy === 'own' ? daysOf(days) : null,
          },
  };
}

/** What is no number is left to the server to refuse: it says what would be right. */
export function daysOf(text: string): number | null {
  const days = Number(text.trim());
  return Number.isFinite(days) ? days : 0;
}

/** What another definition has that one has not, in words. */
export function differencesOf(before: Definition | undefined, after: Definition): readonly string[] {
  if (!before) return [`declared with ${after.fields.length} fields`];
  const keyOf = ({ entity, storageKey }: Field) => `${entity} ${storageKey}`;
  const known = new Map(before.fields.map((field) => [keyOf(field), field]));
  const texts: string[] = [];
  for (const field of after.fields) {
    const former = known.get(keyOf(field));
    known.delete(keyOf(field));
    if (!former) texts.push(`${field.storageKey} added`);
    else if (JSON.stringify(former) !== JSON.stringify(field)) texts.push(`${field.storageKey} changed`);
  }
  for (const { storageKey } of known.values()) texts.push(`${storageKey} removed`);
  if (before.name !== after.name) texts.push('renamed');
  return texts.length > 0 ? texts : ['something beside its fields changed'];
}
