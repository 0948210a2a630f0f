import { endOfText } from './read-json.ts';

/** The members of an object as text, each by its name: for who passes them on, and need not know what is in them. */
export type Members = ReadonlyMap<string, string>;

/** Takes the text of a JSON object apart, as a database holds it: it is JSON, and no name occurs twice. */
export function membersOf(text: string): Members {
  const members = new Map<string, string>();
  let index = text.indexOf('"');
  while (index >= 0) {
    const endOfName = endOfText(text, index);
    const name = text.slice(index, endOfName + 1);
    const start = text.indexOf(':', endOfName) + 1;
    const end = endOfMember(text, start);
    members.set(
      name.includes('\\') ? String(JSON.parse(name)) : name.slice(1, -1),
      text.slice(start, end).trim(),
    );
    index = text.indexOf('"', end);
  }
  return members;
}

/** Where the comma or the brace is that ends a member's value. */
function endOfMember(text: string, start: number): number {
  let depth = 0;
  let index = start;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) index = endOfText(text, index);
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      if (depth === 0) break;
      depth--;
    } else if (code === 0x2c && depth === 0) break;
  }
  return index;
}
