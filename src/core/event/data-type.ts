import { ExactNumber } from '../../json/exact-number.ts';

export type DataType = 'string' | 'number' | 'boolean' | 'date' | 'array' | 'object';

const datePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/;

/** What kind of value a property holds; undefined for null, which says nothing of its type. A date is a text of ISO form. */
export function dataTypeOf(value: unknown): DataType | undefined {
  switch (typeof value) {
    case 'string':
      return value.length >= 20 && value.length <= 35 && datePattern.test(value) ? 'date' : 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'object':
      if (value === null) return undefined;
      if (value instanceof ExactNumber) return 'number';
      return Array.isArray(value) ? 'array' : 'object';
    default:
      return undefined;
  }
}
