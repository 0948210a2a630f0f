const segmenter = new Intl.Segmenter();
/** Longer than any character that a keyboard makes: a family of four is 11 units. */
const window = 64;

/**
 * A text of at most `maximumLength` UTF-16 units, cut between characters as a reader sees them: half of a surrogate pair is nothing
 * that can be stored, and a letter without its accent is another one.
 */
export function cutText(text: string, maximumLength: number): string {
  if (text.length <= maximumLength) return text;
  const start = Math.max(0, maximumLength - window);
  const cut = segmenter.segment(text.slice(start, maximumLength + window)).containing(maximumLength - start);
  const end = start + (cut?.index ?? maximumLength - start);
  // What has no end within the window (a thousand accents on one letter) is cut all the same, but in no pair.
  if (end > start) return text.slice(0, end);
  const isInPair = /[\ud800-\udbff]/.test(text.charAt(maximumLength - 1));
  return text.slice(0, isInPair ? maximumLength - 1 : maximumLength);
}
