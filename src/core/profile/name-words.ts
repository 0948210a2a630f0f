import type { WorkspaceId } from '../workspace/workspace.ts';
import type { AttributeChanges, Attributes } from './attributes.ts';
import { namePaths } from './names.ts';

/** Of each name so many characters are looked at. */
const longestName = 60;
/** Of a question. */
const longestQuestion = 200;

/** Accents and vowel signs, as they stand behind their letters in Unicode's decomposed form. */
const marks = /[\u0300-\u036f\u064b-\u065f\u0670]/g;
/** What stands between words: space, and punctuation, which leaves nothing in a word that has a meaning where words are looked for. */
const between = /[\s\u0085!-/:-@[-`{-~\u2010-\u2027\u060c\u061b]+/;
const ascii = /^[\0-\x7f]*$/;

/** The words of a text without case and accents; the letter that Greek writes otherwise at the end of a word is one with the other. */
function wordsOf(text: string): string[] {
  const folded = ascii.test(text)
    ? text.toLowerCase()
    : text.normalize('NFKD').replace(marks, '').toLowerCase().replaceAll('ς', 'σ');
  return folded.split(between).filter((word) => word !== '');
}

/** So many characters of a text; none is cut in two. */
function firstCharacters(text: string, count: number): string {
  return text.length <= count ? text : [...text].slice(0, count).join('');
}

/** Each behind the number of its workspace, so that a beginning of one is looked for among those of one workspace alone. */
function lexeme(workspaceId: WorkspaceId, word: string): string {
  return `${workspaceId}:${word}`;
}

/** The words of all names that a profile has, each once, in the order of their characters: what stands in `profile_name`. */
export function nameWords(workspaceId: WorkspaceId, attributes: Attributes): string[] {
  const words = new Set<string>();
  for (const path of namePaths) {
    const name = attributes[path]?.[0];
    if (typeof name !== 'string') continue;
    for (const word of wordsOf(firstCharacters(name, longestName))) words.add(lexeme(workspaceId, word));
  }
  return [...words].sort();
}

/** Whether a write changes what a profile is called by. */
export function changesName(attributes: Attributes, changes: AttributeChanges): boolean {
  return namePaths.some((path) => {
    const name = changes[path];
    return name !== undefined && name !== (attributes[path]?.[0] ?? null);
  });
}

/** A `tsquery` of profiles that have, for each word of a text, one that begins with it; null where it has no word. */
export function nameQuestion(workspaceId: WorkspaceId, text: string): string | null {
  const asked = wordsOf(firstCharacters(text, longestQuestion));
  return asked.length === 0 ? null : asked.map((word) => `'${lexeme(workspaceId, word)}':*`).join(' & ');
}

/** Whether a text is enough of a name to look for: a letter alone begins the names of too many, unless it is of a script of whole words. */
export function isEnoughOfName(text: string): boolean {
  return /[^\s\p{P}]{2}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text);
}
