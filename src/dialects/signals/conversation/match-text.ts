/** Most UTF-16 code units of a text that is looked for. */
export const maximumRuleTextLength = 200;

/** Letters, digits, and the marks that belong to them. */
const wordCharacter = /[\p{L}\p{N}\p{M}]/u;
const mark = /\p{M}/u;
/** Scripts that write words without space between them: there, what stands next to a word does not make it another one. */
const unspacedScript =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const whiteSpace = /\s+/gu;
const apostrophes = /[\u2018\u2019\u02bc]/g;

/** A workspace's rules are folded once, and a message once for all rules. */
const foldedValues = new Map<string, string>();
const maximumFoldedValues = 10_000;
let lastMessage: FoldedMessage = { text: '', folded: '', boundaries: undefined };

interface FoldedMessage {
  readonly text: string;
  readonly folded: string;
  /** By place, the next place at which a word may begin or end; made when it is first asked for. */
  boundaries: Int32Array | undefined;
}

/**
 * Whether a rule's text stands in a message as whole words (docs/spec/signals.md B5): whatever the case, the width of letters, the kind of
 * apostrophe and the amount of space; accents count. A blank text is in no message. Linear in the message's length for a rule of
 * at most `maximumRuleTextLength`.
 */
export function matchesText(value: string, message: string): boolean {
  const wanted = foldValue(value);
  if (wanted === '') return false;
  const folded = foldMessage(message);
  const text = folded.folded;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, nextBoundary(folded, at + 1))) {
    if (isBoundary(text, at) && isBoundary(text, at + wanted.length)) return true;
  }
  return false;
}

/** The form in which texts are compared: two texts of one form are the same rule. */
export function foldText(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  return folded.replaceAll(whiteSpace, ' ').replaceAll(apostrophes, "'").trim();
}

/** Whether a word may begin or end between the characters before and behind this place. */
function isBoundary(text: string, at: number): boolean {
  const before = characterBefore(text, at);
  const behind = characterAt(text, at);
  if (!wordCharacter.test(before) || !wordCharacter.test(behind)) return true;
  if (mark.test(behind)) return false;
  return unspacedScript.test(before) || unspacedScript.test(behind);
}

/** Where a rule may stand next: a word of thousands of the same letter is not tried at each of them, by each of the rules. */
function nextBoundary(message: FoldedMessage, at: number): number {
  message.boundaries ??= findBoundaries(message.folded);
  return message.boundaries[at]!;
}

function findBoundaries(text: string): Int32Array {
  const boundaries = new Int32Array(text.length + 1);
  let next = text.length;
  for (let at = text.length; at >= 0; at--) {
    if (isBoundary(text, at)) next = at;
    boundaries[at] = next;
  }
  return boundaries;
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(text: string, at: number): string {
  if (at === 0) return '';
  const isPair = at >= 2 && text.codePointAt(at - 2)! > 0xffff;
  return text.slice(isPair ? at - 2 : at - 1, at);
}

function foldValue(value: string): string {
  const known = foldedValues.get(value);
  if (known !== undefined) return known;
  if (foldedValues.size >= maximumFoldedValues) foldedValues.clear();
  const folded = foldText(value);
  foldedValues.set(value, folded);
  return folded;
}

function foldMessage(text: string): FoldedMessage {
  if (lastMessage.text !== text) lastMessage = { text, folded: foldText(text), boundaries: undefined };
  return lastMessage;
}
