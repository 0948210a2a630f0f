import { readFileSync } from 'node:fs';

/** The SQL of the source: texts that begin with a verb, with the file's own fragments put in. */
export function statementsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const fragments = new Map<string, string>();
  for (const [, name, , text] of source.matchAll(/const (\w+) = (['`"])((?:(?!\2)[\s\S])*)\2/g))
    fragments.set(name!, text!);
  const texts: string[] = [];
  for (const [, , text] of source.matchAll(
    /(['`])(\s*(?:with|select|insert|update|delete)\s(?:(?!\1)[\s\S])*)\1/g,
  ))
    texts.push(text!.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => fragments.get(name) ?? whole));
  // What a function makes of it is another text, which is looked at where it stands.
  return texts.filter((text) => !/\$\{\w+\(/.test(text));
}
