import type { Static } from 'typebox';
import {
  type BasePropertyDefinition,
  type BasePropertyName,
  baseProperties,
} from '../../documents/base-property-names.ts';
import { compileForm } from '../../documents/compile.ts';
import { notFound } from '../../errors.ts';
import { checkBody, invalidBody } from '../body.ts';
import { BasePropertyBody, StateBody } from './schemas.ts';

const checks = { property: compileForm(BasePropertyBody), state: compileForm(StateBody) };

/** @throws RequestError `not-found` */
export function requireBaseProperty(name: string): BasePropertyDefinition {
  const known = baseProperties.get(name as BasePropertyName);
  if (!known) throw notFound('property', name);
  return known;
}

/** Whether the property is to be enabled. @throws RequestError `invalid-request` */
export function parsePropertyState(body: unknown, property: BasePropertyDefinition): boolean {
  type Body = Static<typeof BasePropertyBody>;
  const { enabled, name = property.name, description } = checkBody<Body>('property', checks.property, body);
  if (name !== property.name) throw invalidBody('property', [{ path: '/name', message: 'is immutable' }]);
  if ((description ?? property.description) !== property.description)
    throw invalidBody('property', [{ path: '/description', message: 'is immutable' }]);
  return enabled;
}

/** @throws RequestError `invalid-request` */
export function parseState(body: unknown): boolean {
  return checkBody<Static<typeof StateBody>>('property', checks.state, body).value;
}
