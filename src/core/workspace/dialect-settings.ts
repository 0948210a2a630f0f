import type { Static, TObject } from 'typebox';
import { Value } from 'typebox/value';
import type { Settings } from './workspace.ts';

/**
 * Reads stored settings by their schema. A member that the schema does not know, or a value that it refuses, which an older version
 * may have let in, is as unset. A workspace's settings are one object for as long as its configuration is: they are read once.
 */
export function settingsReader<Schema extends TObject>(
  schema: Schema,
): (stored: Settings | undefined) => Partial<Static<Schema>> {
  const known = new WeakMap<Settings, Partial<Static<Schema>>>();
  const none: Partial<Static<Schema>> = {};
  return (stored) => (stored ? known.getOrInsertComputed(stored, () => keepKnown(schema, stored)) : none);
}

/** Without the members that the schema does not know, and those whose values it refuses. */
export function keepKnown<Schema extends TObject>(schema: Schema, stored: Settings): Partial<Static<Schema>> {
  const members = Object.entries(schema.properties).filter(
    ([name, form]) => Object.hasOwn(stored, name) && Value.Check(form, stored[name]),
  );
  return Object.fromEntries(members.map(([name]) => [name, stored[name]])) as Partial<Static<Schema>>;
}
