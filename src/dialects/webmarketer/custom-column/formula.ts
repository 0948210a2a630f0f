/** A formula over metrics, as a tree. Chains lean to the left, so the tree is at most as deep as `maximumTokens`. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'metric'; readonly key: string }
  | { readonly kind: 'negation'; readonly operand: Formula }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Formula;
      readonly right: Formula;
    };

export type Operator = '+' | '-' | '*' | '/';

/** Why a text is no formula, as a phrase for its author. It repeats nothing of the text. */
export interface FormulaFault {
  readonly fault: string;
}

export const maximumFormulaLength = 2000;
const maximumTokens = 400;
const maximumPartLength = 100;
/** Of parentheses and signs within one another. */
const maximumNesting = 32;

type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'metric'; readonly key: string }
  | { readonly kind: 'sign'; readonly sign: Operator | '(' | ')' };

/** Keys are full of hyphens (`event-count`), so a hyphen between two of their characters is the key's; `a - b` is a difference. */
const barePattern = /[A-Za-z0-9_](?:[A-Za-z0-9_.:-]*[A-Za-z0-9_])?/y;
/** For keys that begin with a digit, or end with what no bare one ends with. */
const bracedPattern = /\{([A-Za-z0-9_][A-Za-z0-9_.:-]{0,99})\}/y;
const numberPattern = /^\d+(?:\.\d+)?$/;
const spacePattern = /\s*/y;
const signs: readonly string[] = ['+', '-', '*', '/', '(', ')'];

/**
 * Reads `turnover / (event-count - refund) * 100`: numbers, metric keys (bare or in braces), `+ - * /`, signs and parentheses.
 * Nothing else: no names, no calls.
 */
export function parseFormula(text: string): Formula | FormulaFault {
  if (text.length > maximumFormulaLength)
    return { fault: `is longer than ${maximumFormulaLength} characters` };
  const tokens = readTokens(text);
  if ('fault' in tokens) return tokens;
  const parser = new FormulaParser(tokens);
  return parser.parse();
}

/** The keys of the metrics that a formula looks at, each once. */
export function metricKeysOf(formula: Formula): string[] {
  const keys = new Set<string>();
  const collect = (part: Formula): void => {
    if (part.kind === 'metric') keys.add(part.key);
    else if (part.kind === 'negation') collect(part.operand);
    else if (part.kind === 'operation') {
      collect(part.left);
      collect(part.right);
    }
  };
  collect(formula);
  return [...keys];
}

/**
 * The formula's value, where `metricValue` gives the metrics' values (0 for one that there is not, docs/spec/webmarketer.md B9). Null where
 * there is none: something is divided by zero, or the value is beyond what a number holds.
 */
export function evaluateFormula(formula: Formula, metricValue: (key: string) => number): number | null {
  const value = compute(formula, metricValue);
  return Number.isFinite(value) ? value : null;
}

/** A division by zero gives NaN, and not an infinity that a further division would turn into 0. */
function compute(formula: Formula, metricValue: (key: string) => number): number {
  switch (formula.kind) {
    case 'number':
      return formula.value;
    case 'metric':
      return metricValue(formula.key);
    case 'negation':
      // Not -operand, which would make -0 of 0.
      return 0 - compute(formula.operand, metricValue);
    case 'operation': {
      const left = compute(formula.left, metricValue);
      const right = compute(formula.right, metricValue);
      switch (formula.operator) {
        case '+':
          return left + right;
        case '-':
          return left - right;
        case '*':
          return left * right;
        case '/':
          return right === 0 ? Number.NaN : left / right;
      }
    }
  }
}

function readTokens(text: string): Token[] | FormulaFault {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    if (tokens.length === maximumTokens) return { fault: `has more than ${maximumTokens} parts` };
    const [token, end] = readToken(text, at);
    if (!token) return { fault: `can't be read at character ${at + 1}` };
    tokens.push(token);
    at = skipSpace(text, end);
  }
  return tokens;
}

function readToken(text: string, at: number): [token: Token | undefined, end: number] {
  const sign = text[at]!;
  if (signs.includes(sign)) return [{ kind: 'sign', sign: sign as Operator | '(' | ')' }, at + 1];
  const braced = matchAt(bracedPattern, text, at);
  if (braced) return [{ kind: 'metric', key: braced[1]! }, at + braced[0].length];
  const bare = matchAt(barePattern, text, at)?.[0];
  if (bare === undefined) return [undefined, at];
  const end = at + bare.length;
  if (bare.length > maximumPartLength) return [undefined, end];
  if (numberPattern.test(bare)) return [{ kind: 'number', value: Number(bare) }, end];
  // `1e3` and `2.5.1` shall not quietly become metrics that there are not.
  return [/^\d/.test(bare) ? undefined : { kind: 'metric', key: bare }, end];
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function skipSpace(text: string, at: number): number {
  return at + matchAt(spacePattern, text, at)![0].length;
}

/** sum := product (± product)*; product := value (× or ÷ value)*; value := number, key, sign value, or ( sum ). */
class FormulaParser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Formula | FormulaFault {
    const formula = this.#parseSum();
    if ('fault' in formula || this.#next === this.#tokens.length) return formula;
    return { fault: `has something behind its end, at part ${this.#next + 1}` };
  }

  #parseSum(): Formula | FormulaFault {
    return this.#parseChain(['+', '-'], () => this.#parseProduct());
  }

  #parseProduct(): Formula | FormulaFault {
    return this.#parseChain(['*', '/'], () => this.#parseValue());
  }

  #parseChain(
    operators: readonly Operator[],
    parsePart: () => Formula | FormulaFault,
  ): Formula | FormulaFault {
    let left = parsePart();
    for (;;) {
      if ('fault' in left) return left;
      const operator = operators.find((sign) => this.#takeSign(sign));
      if (!operator) return left;
      const right = parsePart();
      if ('fault' in right) return right;
      left = { kind: 'operation', operator, left, right };
    }
  }

  #parseValue(): Formula | FormulaFault {
    if (++this.#nesting > maximumNesting) return { fault: `is nested more than ${maximumNesting} deep` };
    const value = this.#parseNested();
    this.#nesting--;
    return value;
  }

  #parseNested(): Formula | FormulaFault {
    if (this.#takeSign('-')) {
      const operand = this.#parseValue();
      return 'fault' in operand ? operand : { kind: 'negation', operand };
    }
    if (this.#takeSign('(')) {
      const inner = this.#parseSum();
      if ('fault' in inner || this.#takeSign(')')) return inner;
      return { fault: 'lacks a closing parenthesis' };
    }
    const token = this.#tokens[this.#next];
    if (!token || token.kind === 'sign') return { fault: `lacks a value at part ${this.#next + 1}` };
    this.#next++;
    return token;
  }

  #takeSign(sign: Operator | '(' | ')'): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'sign' || token.sign !== sign) return false;
    this.#next++;
    return true;
  }
}
