import { isObject } from './fields.ts';

export const xmlContentType = 'text/xml; charset=utf-8';

const elementName = /^[A-Za-z_][\w.-]*$/;

/**
 * A reply as XML, as the vendor's page of errors (5.9) shows it: elements named as the keys are, items of lists `node_0` and
 * so on. Texts are escaped where the vendor puts them into CDATA sections: to a parser it is the same.
 */
export function toXml(body: unknown): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${toElement('response', body)}`;
}

function toElement(name: string, value: unknown): string {
  const [start, end] = elementName.test(name) ? [name, name] : [`node Name="${escapeText(name)}"`, 'node'];
  return `<${start}>${toContent(value)}</${end}>`;
}

function toContent(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item, index) => toElement(`node_${index}`, item)).join('');
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
