import { useDialectFaces } from '../api/dialects.ts';

/** By which API something came in. */
export function DialectTag({ name }: { readonly name: string }) {
  const { title, colour } = useDialectFaces()(name);
  return (
    <span className="tag">
      <span className="swatch" style={{ background: colour }} aria-hidden="true" />
      {title}
    </span>
  );
}
