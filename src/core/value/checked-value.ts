/** The outcome of checking one value; `current` is its normal form, `reason` a phrase without the value in it. */
export type CheckedValue = { valid: true; current: unknown } | { valid: false; reason: string };

/** The outcome for a valid value with its normal form. */
export function valid(current: unknown): CheckedValue {
  return { valid: true, current };
}

/** The outcome for an invalid value. */
export function invalid(reason: string): CheckedValue {
  return { valid: false, reason };
}
