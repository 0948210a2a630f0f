import { type Formula, parseFormula } from './formula.ts';

export const columnFormats = ['currency', 'number', 'percent', 'time'] as const;

/** How a column's values are written. */
export type ColumnFormat = (typeof columnFormats)[number];

/** A column that is worked out of metrics. */
export interface CustomColumn {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly format: ColumnFormat;
  /** The formula in parts, as it was given. */
  readonly symbols: readonly (string | number)[];
  /** The parts joined; it was parsed before it was stored. */
  readonly formula: string;
  readonly createdAt: Date;
}

/** Columns of a workspace. All are read at once. */
export const maximumColumns = 200;
export const maximumSymbols = 100;

/** The formula that the parts make: each may be a sign, a key, a number, or a formula by itself. */
export function joinSymbols(symbols: CustomColumn['symbols']): string {
  return symbols.join(' ');
}

/** What a stored column is evaluated by. */
export function formulaOf(column: Pick<CustomColumn, 'key' | 'formula'>): Formula {
  const formula = parseFormula(column.formula);
  if ('fault' in formula) throw new Error(`the formula of the column ${column.key} ${formula.fault}`);
  return formula;
}
