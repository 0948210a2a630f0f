import { isObject } from './fields.ts';

export const xmlContentType = 'text/xml; charset=utf-8';

const elementName = /^[A-Za-z_][\w.-]*$/;

/** A reply as XML: elements named as the keys are, lists as `Item` elements. The vendor's own form is not documented. */
export function toXml(body: unknown): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${toElement('Response', body)}`;
}

function toElement(name: string, value: unknown): string {
  const [start, end] = elementName.test(name) ? [name, name] : [`Item Name="${escapeText(name)}"`, 'Item'];
  return `<${start}>${toContent(value)}</${end}>`;
}

function toContent(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => toElement('Item', item)).join('');
  if (!isObject(value)) return escapeText(String(value));
  return Object.keys(value)
    .map((name) => toElement(name, value[name]))
    .join('');
}

/** XML 1.0 has no place for control characters, not even as references. */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
