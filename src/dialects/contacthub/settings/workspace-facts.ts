import Type from 'typebox';

/** "Industry of workspace." (Modify workspace configuration) */
export const industries = ['GDO', 'Luxury', 'Automotive', 'NotDefined'] as const;

export type Industry = (typeof industries)[number];

export const Industry = Type.Unsafe<Industry>({ type: 'string', enum: [...industries] });

/** The page's `uri`: absolute, of any scheme. */
export const Uri = Type.String({
  maxLength: 1000,
  pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>"]+$',
  description: 'An absolute URI, such as https://example.com/logo.png.',
});

export const Logo = Type.Union([Uri, Type.Null()]);
