import Type, { type TSchema } from 'typebox';
import { nullable } from '../schemas/common.ts';

/** A form as far as it says what an object may have. */
interface ObjectForm {
  readonly type?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly additionalProperties?: unknown;
  readonly anyOf?: readonly TSchema[];
}

/**
 * The form of a merge patch of what has this form: each member can be left out, and null takes it away. What has to be together is
 * looked at where it is merged; so of what is one of several objects the patch may be any.
 */
export function patchForm(form: TSchema): TSchema {
  const { type, description, properties, patternProperties, additionalProperties, anyOf }: ObjectForm = form;
  if (anyOf?.every((one: ObjectForm) => one.type === 'object')) return Type.Unsafe({ type: 'object' });
  if (type !== 'object') return form;
  return Type.Unsafe({
    type,
    ...(description === undefined ? {} : { description }),
    ...(properties ? { properties: patchForms(properties) } : {}),
    ...(patternProperties ? { patternProperties: patchForms(patternProperties) } : {}),
    ...(additionalProperties === undefined ? {} : { additionalProperties }),
  });
}

function patchForms(members: Readonly<Record<string, TSchema>>): Record<string, TSchema> {
  return Object.fromEntries(Object.entries(members).map(([name, form]) => [name, orNull(patchForm(form))]));
}

export function orNull(form: TSchema): TSchema {
  const { anyOf = [] }: ObjectForm = form;
  return anyOf.some((one: ObjectForm) => one.type === 'null') ? form : nullable(form);
}
