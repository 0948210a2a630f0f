import type { StoredValue } from '../../core/metric/metric-store.ts';

export function presentValue({ value, currency, raw, counted, occurredAt }: StoredValue, setAt: Date) {
  return { value, currency, raw, counted, at: occurredAt.toISOString(), setAt: setAt.toISOString() };
}
