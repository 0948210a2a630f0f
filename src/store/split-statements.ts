/** What a semicolon ends nothing in: comments, texts, names, bodies between dollars. */
const token =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;|[^;'"$/-]+|[\s\S]/g;
const comment = /^(?:--|\/\*)/;

/** The statements of an SQL text, each without its semicolon; comments stay with the statement that follows them. */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let current = '';
  let says = false;
  const end = () => {
    if (says) statements.push(current.trim());
    current = '';
    says = false;
  };
  for (const [part] of text.matchAll(token)) {
    if (part === ';') end();
    else {
      current += part;
      says ||= part.trim() !== '' && !comment.test(part);
    }
  }
  end();
  return statements;
}
