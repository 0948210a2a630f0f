import { namePaths } from '../../core/profile/names.ts';

/** Of each name so many characters are looked at. */
const longestName = 60;
/** Of a question. */
const longestQuestion = 200;

/** Accents and vowel signs, as they stand behind their letters in Unicode's decomposed form. */
const marks = String.raw`[\u0300-\u036f\u064b-\u065f\u0670]`;
/** What stands between words: space, and punctuation, which leaves nothing in a word that has a meaning where words are looked for. */
const between = String.raw`[\s!-/:-@\[-\x60{-~\u2010-\u2027\u060c\u061b]+`;

/** SQL of a text without case and accents, its words told apart by `separator`, which begins the first one too. */
function folded(text: string, separator: string): string {
  return `regexp_replace(lower(regexp_replace(normalize(' ' || ${text}, nfkd), '${marks}', '', 'g')), '${between}', ${separator}, 'g')`;
}

function wordsOf(text: string, separator: string): string {
  return `array_remove(string_to_array(${folded(text, separator)}, ' '), '')`;
}

const names = namePaths
  .map((path) => `coalesce(left(attributes -> '${path}' ->> 0, ${longestName}), '')`)
  .join(` || ' ' || `);

/** Of a profile that has one: its names as the index `profile_name` has them. */
const words = `array_to_tsvector(${wordsOf(names, `' ' || workspace_id::text || ':'`)})`;
const hasName = `attributes ?| array[${namePaths.map((path) => `'${path}'`).join(', ')}]`;

/**
 * SQL of whether a profile has, among its names, a word that begins with each of the words of `text` (a parameter; null: nobody has). $1: the
 * workspace, whose number stands before each word.
 */
export function hasNameLike(text: string): string {
  const asked = wordsOf(`left(${text}::text, ${longestQuestion})`, `' '`);
  return `${hasName} and ${words} @@ (
    select string_agg('''' || $1::integer || ':' || asked.word || ''':*', ' & ')::tsquery from unnest(${asked}) as asked (word))`;
}

/** Whether a text is enough of a name to look for: a letter alone begins the names of too many, unless it is of a script of whole words. */
export function isEnoughOfName(text: string): boolean {
  return /[^\s\p{P}]{2}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text);
}
