import { useQuery } from '@tanstack/react-query';
import { type Conversion, conversionsQuery } from '../../api/attribution.ts';
import { useWorkspace, useWorkspaceName } from '../../app/current-workspace.ts';
import { type AskedSearch, isWhole, type Model, type Span, spanOf } from './asked.ts';

/** A question to attribution, with all that its address leaves out. */
export interface Asked {
  readonly conversion: Conversion;
  readonly model: Model;
  readonly dateOf: 'conversion' | 'touch';
  readonly span: Span;
  /** What the API is asked by, but the model and the grouping. */
  readonly query: Span & {
    readonly conversion: string;
    readonly lookbackDays?: number;
  };
}

/** Which conversion an address means; undefined: none is kept. One that is gone is the first of those that there are. */
export function conversionOf(
  conversions: readonly Conversion[],
  { conversion: named }: AskedSearch,
): Conversion | undefined {
  return conversions.find(({ id, name }) => id === named || name === named) ?? conversions[0];
}

/** What an address asks for of a conversion. */
export function useAsked(search: AskedSearch, conversion: Conversion): Asked {
  const { timezone } = useWorkspace();
  const span = spanOf(search, timezone);
  const { model = 'linear', lookback, dated } = search;
  const isOther = lookback !== undefined && lookback !== conversion.lookbackDays;
  return {
    conversion,
    model,
    // What is of all the days together is dated by nothing else.
    dateOf: isWhole(model) ? 'conversion' : (dated ?? 'conversion'),
    span,
    query: { conversion: conversion.id, ...span, ...(isOther && { lookbackDays: lookback }) },
  };
}

export function useConversions() {
  return useQuery(conversionsQuery(useWorkspaceName()));
}
