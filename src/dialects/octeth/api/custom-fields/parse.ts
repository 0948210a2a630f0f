import { findUnstorable } from '../../../../core/event/storable.ts';
import type { Source } from '../../../../core/source/source.ts';
import { RequestError } from '../../../../errors.ts';
import type { NewCustomField } from '../../custom-field/add-custom-field.ts';
import {
  type CustomFieldType,
  fieldTypes,
  maximumNameLength,
  type ValidationMethod,
  validationMethods,
} from '../../custom-field/custom-field.ts';
import { CommandError, customFieldErrors } from '../../errors.ts';
import { type Fields, isYes, parseListId, readText } from '../fields.ts';

/** What is kept of options, years and the like. */
const maximumDetailLength = 50_000;
const aliasPattern = /^[A-Za-z0-9 ._-]+$/;
const reservedAliases = [
  'subscriberid',
  'emailaddress',
  'subscriptiondate',
  'subscriptionip',
  'optindate',
  'subscriptionstatus',
  'bouncetype',
];

/** The vendor's simpler names of types; they take the place of FieldType. */
const dataTypes: Readonly<Record<string, { type: CustomFieldType; validation?: ValidationMethod }>> = {
  text: { type: 'Single line' },
  longtext: { type: 'Paragraph text' },
  number: { type: 'Single line', validation: 'Numbers' },
  datetime: { type: 'Single line' },
  date: { type: 'Date field' },
  time: { type: 'Time field' },
  timestamp: { type: 'Single line' },
  'single-select': { type: 'Drop down' },
  'multi-select': { type: 'Checkboxes' },
};

/** A preset is a drop-down of its name here; its options are the vendor's own. */
const presets = [
  'Gender',
  'Age',
  'Employment',
  'Income',
  'Education',
  'Days of the week',
  'Months of the year',
  'U.S. states',
  'Continents',
  'Satisfaction',
  'Importance',
  'Agreement',
  'Comparison',
  'Country',
];

/**
 * Reads a new custom field.
 * @throws CommandError with every code that applies
 */
export function parseCustomField(
  fields: Fields,
  findList: (listId: string) => Source | undefined,
): NewCustomField {
  const codes: number[] = [];
  const list = readList(fields, findList, codes);
  const { name, type, validation } = readKind(fields, codes);
  const rule = readText(fields, 'validationrule', maximumNameLength);
  if (validation === 'Custom' && rule === undefined) codes.push(4);
  const alias = readAlias(fields, codes);
  const detail = readDetail(fields, rule);
  if (codes.length > 0 || !list || name === undefined || !type)
    throw new CommandError(customFieldErrors, codes);
  return {
    sourceId: isYes(fields, 'isglobal') ? null : list.id,
    name,
    type,
    alias,
    identifies: isYes(fields, 'uniqueidentifier'),
    isUnique: isYes(fields, 'isunique'),
    isRequired: isYes(fields, 'isrequired'),
    defaultValue: readDefault(fields),
    validation,
    detail,
  };
}

function readList(
  fields: Fields,
  findList: (listId: string) => Source | undefined,
  codes: number[],
): Source | undefined {
  if (fields.text('subscriberlistid') === undefined) {
    codes.push(1);
    return undefined;
  }
  const listId = parseListId(fields.get('subscriberlistid'));
  const list = listId === undefined ? undefined : findList(listId);
  if (!list) codes.push(8);
  return list;
}

function readKind(
  fields: Fields,
  codes: number[],
): { name: string | undefined; type: CustomFieldType | undefined; validation: ValidationMethod } {
  const name = readText(fields, 'fieldname', maximumNameLength);
  const method = fields.text('validationmethod')?.toLowerCase();
  const validation = validationMethods.find((known) => known.toLowerCase() === method) ?? 'Disabled';
  const presetName = fields.text('presetname')?.toLowerCase();
  if (presetName !== undefined) {
    const preset = presets.find((known) => known.toLowerCase() === presetName);
    if (preset === undefined) codes.push(5);
    return { name: name ?? preset, type: 'Drop down', validation };
  }
  if (name === undefined) codes.push(2);
  const dataType = fields.text('datatype')?.toLowerCase();
  if (dataType !== undefined) {
    const known = Object.hasOwn(dataTypes, dataType) ? dataTypes[dataType] : undefined;
    if (!known) codes.push(7);
    return { name, type: known?.type, validation: known?.validation ?? validation };
  }
  const wanted = fields.text('fieldtype')?.toLowerCase();
  const type = fieldTypes.find((known) => known.toLowerCase() === wanted);
  if (!type) codes.push(3);
  return { name, type, validation };
}

/** By the name of the vendor's page, or by the one that it had before and clients still use. */
function readDefault(fields: Fields): string {
  const [now, before] = ['defaultvalue', 'fielddefaultvalue'];
  return readText(fields, now, maximumNameLength) ?? readText(fields, before, maximumNameLength) ?? '';
}

function readAlias(fields: Fields, codes: number[]): string | null {
  const alias = readText(fields, 'mergetagalias', maximumNameLength);
  if (alias === undefined) return null;
  if (!aliasPattern.test(alias)) codes.push(1001);
  else if (reservedAliases.includes(alias.toLowerCase())) codes.push(1002);
  return alias;
}

function readDetail(fields: Fields, rule: string | undefined): Record<string, unknown> {
  const kept = {
    visibility: fields.text('visibility') ?? 'User Only',
    validationRule: rule,
    years: fields.text('years'),
    optionLabel: fields.get('optionlabel'),
    optionValue: fields.get('optionvalue'),
    optionSelected: fields.get('optionselected'),
    meta: fields.get('meta'),
  };
  const detail = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  if (JSON.stringify(detail).length > maximumDetailLength || findUnstorable(detail))
    throw new RequestError(
      'invalid-request',
      'The options of the field are too large or hold forbidden text.',
    );
  return detail;
}
