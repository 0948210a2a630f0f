import type { ConsentAct, ConsentAuthor, ConsentChange } from '../../../core/consent/consent.ts';
import type { AttributeChanges } from '../../../core/profile/attributes.ts';
import { customerShape, pathsOf } from './customer-shape.ts';

/** Paths of all that a customer can agree to, restrict or object to, and of the disclaimer that was read. */
export const consentPaths: readonly string[] = pathsOf(customerShape.consents, 'consents');

/** What a write of a customer changes of the consents. */
export function consentChanges(changes: AttributeChanges, author: ConsentAuthor): ConsentChange[] {
  return consentPaths
    .filter((path) => Object.hasOwn(changes, path))
    .map((path) => ({ act: actOf(path), property: path, value: textOf(changes[path]), author }));
}

function actOf(path: string): ConsentAct {
  if (path.startsWith('consents.disclaimer.')) return 'disclaimer-read';
  if (path.endsWith('.limitation')) return 'consent-restricted';
  return path.endsWith('.objection') ? 'consent-objected' : 'consent-changed';
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value);
}
