import { enumReference } from './enums.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * What an event is bound to its customer by when no customer is known yet: a session, or an external id. It is
 * defined in `enums.json`, as at the vendor.
 */
export const bringBackSchema: JsonSchema = enumReference('EventBringBackProperties');
