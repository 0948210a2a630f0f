import { isNumber, readDouble } from '../../../../json/exact-number.ts';
import {
  type ColumnFormat,
  columnFormats,
  joinSymbols,
  maximumSymbols,
} from '../../custom-column/custom-column.ts';
import { maximumFormulaLength, parseFormula } from '../../custom-column/formula.ts';
import type { NewCustomColumn } from '../../custom-column/manage-custom-columns.ts';
import { invalid, parseObject, requireText } from '../parse.ts';

const keyPattern = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}$/;
const maximumNameLength = 200;

/** @throws RequestError `invalid-request` */
export function parseNewColumn(body: unknown, projectId: string): NewCustomColumn {
  const column = parseObject(body, 'body');
  if (column.projectId !== undefined && column.projectId !== null && column.projectId !== projectId)
    throw invalid('projectId must be the one in the path');
  const key = requireText(column.key, 'key', 64);
  if (!keyPattern.test(key) || key === '__proto__')
    throw invalid('key must be 1 to 64 letters, digits, _, -, . or :');
  const symbols = parseSymbols(column.symbols);
  const formula = parseFormula(joinSymbols(symbols));
  if ('fault' in formula) throw invalid(`symbols must make a formula over metric keys: it ${formula.fault}`);
  return {
    key,
    name: requireText(column.name, 'name', maximumNameLength),
    format: parseFormat(column.format),
    symbols,
  };
}

function parseFormat(value: unknown): ColumnFormat {
  const format = columnFormats.find((known) => known === value);
  if (!format) throw invalid(`format must be one of the following values: ${columnFormats.join(', ')}`);
  return format;
}

function parseSymbols(value: unknown): (string | number)[] {
  if (!Array.isArray(value)) throw invalid('symbols must be an array');
  if (value.length > maximumSymbols) throw invalid(`symbols must hold at most ${maximumSymbols} parts`);
  return value.map((symbol: unknown, index) => {
    if (isNumber(symbol)) {
      const number = readDouble(symbol);
      if (number === undefined) throw invalid(`symbols.${index} has more digits than are reckoned with`);
      if (String(number).includes('e')) throw invalid(`symbols.${index} is too large or too small a number`);
      return number;
    }
    return requireText(symbol, `symbols.${index}`, maximumFormulaLength);
  });
}
