import Type, { type TObject, type TSchema } from 'typebox';
import type { DialectName } from '../../core/dialect-name.ts';
import type { WorkspaceSettings } from '../../core/workspace/workspace.ts';
import { type SettableStatus, settableStatuses } from '../../core/workspace/workspace-status.ts';
import { Name } from '../schemas/common.ts';
import type { SettingsPatches } from './merge-settings.ts';
import { orNull, patchForm } from './patch-form.ts';

/** The forms of what a dialect lets be set. */
export interface DialectForms {
  readonly name: DialectName;
  readonly settings: TObject;
  readonly sourceSettings?: TObject;
  readonly rateGroups: readonly string[];
}

export const Timezone = Type.String({
  maxLength: 64,
  description: 'IANA name; whole days of the rollups are days in it.',
});
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, such as EUR' });
export const Matching = Type.Array(Type.Union([Type.Literal('email'), Type.Literal('phone')]), {
  maxItems: 2,
  uniqueItems: true,
  description: 'Identity kinds by which profiles of different nodes become one person.',
});
export const PhoneCountries = Type.Array(
  Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1, such as FR' }),
  {
    maxItems: 10,
    uniqueItems: true,
    description: 'Countries in which a phone number without + is tried, in order.',
  },
);

const Status = Type.Unsafe<SettableStatus>({
  type: 'string',
  enum: [...settableStatuses],
  description:
    'suspended: nothing is taken in, by whichever API; what is there can be read. disabled: its keys open no API but this one.',
});

/** Each setting has its form: what is none of them, or out of its range, is refused by its name. */
function settingsForms(dialects: readonly DialectForms[]) {
  const limit = Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 }));
  const groups = dialects.flatMap(({ rateGroups }) => rateGroups).sort();
  const rateLimits = Type.Object(Object.fromEntries(groups.map((group) => [group, limit])), {
    additionalProperties: false,
    description: 'Requests a minute, or bytes where the group says so; 0 is off.',
  });
  return {
    matching: Type.Optional(Matching),
    phoneCountries: Type.Optional(PhoneCountries),
    rateLimits: Type.Optional(Type.Unsafe<WorkspaceSettings['rateLimits']>(rateLimits)),
  };
}

function byDialect(dialects: readonly DialectForms[], formOf: (settings: TObject) => TSchema) {
  const forms = dialects.map(({ name, settings }) => [name, Type.Optional(formOf(settings))] as const);
  return Type.Object(Object.fromEntries(forms), { additionalProperties: false });
}

const properties = {
  name: Type.Optional(Name),
  timezone: Type.Optional(Timezone),
  currency: Type.Optional(Currency),
};

export function newWorkspaceBody(dialects: readonly DialectForms[]) {
  const slug = Type.String({
    maxLength: 64,
    description: 'a-z, 0-9 and single hyphens. Dialects may make a name of it.',
  });
  const settings = byDialect(dialects, (form) => form);
  return Type.Object(
    {
      slug,
      ...properties,
      ...settingsForms(dialects),
      dialects: Type.Optional(Type.Unsafe<WorkspaceSettings['dialects']>(settings)),
    },
    { additionalProperties: false },
  );
}

export function workspaceChangesBody(dialects: readonly DialectForms[]) {
  const patches = byDialect(dialects, (form) => orNull(patchForm(form)));
  return Type.Object(
    {
      ...properties,
      status: Type.Optional(Status),
      ...settingsForms(dialects),
      dialects: Type.Optional(Type.Unsafe<SettingsPatches>(patches)),
    },
    { additionalProperties: false, minProperties: 1 },
  );
}
