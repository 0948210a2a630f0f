/** `native` is this product's own API under /throughline/v1; it stores no events. */
export const dialectNames = ['webmarketer', 'octeth', 'contacthub', 'webengage', 'signals'] as const;

export type DialectName = (typeof dialectNames)[number];

export function isDialectName(text: string): text is DialectName {
  return (dialectNames as readonly string[]).includes(text);
}
