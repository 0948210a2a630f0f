/** A line of a JSON text that is set out, a member a line. Every literal is as it was written: no digit and no escape is another. */
export interface JsonLine {
  /** JSON pointer of the value that begins, or ends, in it. */
  readonly path: string;
  readonly depth: number;
  text: string;
  /** It ends what began in a line above. */
  readonly isEnd: boolean;
}

const deepest = 100;

/** Sets a JSON text out; undefined when it is none. */
export function linesOf(text: string): readonly JsonLine[] | undefined {
  const setting = new Setting(text);
  return setting.value('', 0, '') && setting.isOver ? setting.lines : undefined;
}

class Setting {
  readonly lines: JsonLine[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isOver(): boolean {
    return this.#next() === undefined;
  }

  /** `lead`: what stands before the value in its line. False: there is none. */
  value(path: string, depth: number, lead: string): boolean {
    if (depth > deepest) return false;
    switch (this.#next()) {
      case '{':
        return this.#members('{', '}', path, depth, lead);
      case '[':
        return this.#members('[', ']', path, depth, lead);
      default: {
        const literal = this.#literal();
        if (literal === undefined) return false;
        this.#push(path, depth, lead + literal);
        return true;
      }
    }
  }

  #members(opening: '{' | '[', closing: '}' | ']', path: string, depth: number, lead: string): boolean {
    this.#at++;
    if (this.#next() === closing) {
      this.#at++;
      this.#push(path, depth, `${lead}${opening}${closing}`);
      return true;
    }
    this.#push(path, depth, lead + opening);
    for (let index = 0; ; index++) {
      const name = opening === '{' ? this.#name() : { token: String(index), lead: '' };
      if (!name || !this.value(`${path}/${name.token}`, depth + 1, name.lead)) return false;
      const next = this.#next();
      this.#at++;
      if (next === closing) break;
      const last = this.lines.at(-1);
      if (next !== ',' || !last) return false;
      last.text += ',';
    }
    this.#push(path, depth, closing, true);
    return true;
  }

  #name(): { readonly token: string; readonly lead: string } | undefined {
    if (this.#next() !== '"') return undefined;
    const literal = this.#literal();
    const name = literal === undefined ? undefined : readText(literal);
    if (name === undefined || this.#next() !== ':') return undefined;
    this.#at++;
    return { token: tokenOf(name), lead: `${literal}: ` };
  }

  #push(path: string, depth: number, text: string, isEnd = false): void {
    this.lines.push({ path, depth, text, isEnd });
  }

  /** The character that comes next, behind white space. */
  #next(): string | undefined {
    while (' \t\n\r\ufeff'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
    return this.#text[this.#at];
  }

  #literal(): string | undefined {
    const pattern = /"(?:[^"\\]|\\.)*"|[-+.\w]+/sy;
    pattern.lastIndex = this.#at;
    const [literal] = pattern.exec(this.#text) ?? [];
    if (literal !== undefined) this.#at += literal.length;
    return literal;
  }
}

function readText(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}

function tokenOf(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
