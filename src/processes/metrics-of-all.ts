import { AggregatorRegistry, type Registry } from 'prom-client';

/** As a process hands its figures on. */
export type Measured = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** The figures of several processes as those of one: counts and times are summed, of the others each says how (`aggregator`). */
export function sumUp(measured: readonly Measured[]): Registry {
  return AggregatorRegistry.aggregate([...measured]);
}

/** What stays of a process that has died: what it has counted, so that no count ever falls. Its states are nobody's any more. */
export function onlyCounts(measured: Measured): Measured {
  // Figures in their JSON form name their kind in words, which the package's types don't know.
  return measured.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
}
