/** A list of columns, each of one table of the statement: `id, name` of `e` is `e.id, e.name`. */
export function columnsOf(alias: string, columns: string): string {
  return columns.replaceAll(/\w+/g, `${alias}.$&`);
}
