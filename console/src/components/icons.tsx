import type { ReactNode } from 'react';

const strokes: Readonly<Record<string, ReactNode>> = {
  overview: <path d="M3 13.5 7 9l3.5 3L17 5M3 17h14" />,
  live: (
    <>
      <circle cx="10" cy="10" r="2" />
      <path d="M5.8 14.2a6 6 0 0 1 0-8.4M14.2 5.8a6 6 0 0 1 0 8.4M3 17A9.9 9.9 0 0 1 3 3M17 3a9.9 9.9 0 0 1 0 14" />
    </>
  ),
  people: (
    <>
      <circle cx="7.5" cy="7" r="3" />
      <path d="M2.5 16.5c.4-3 2.3-4.6 5-4.6s4.6 1.6 5 4.6M13 4.4a3 3 0 0 1 0 5.2M14.6 12.2c1.7.6 2.7 2.1 2.9 4.3" />
    </>
  ),
  insights: <path d="M4 17v-6M8 17V4M12 17V8M16 17v-4" />,
  campaigns: <path d="M3 8v4h3l7 4V4L6 8H3ZM16 8.2a2.6 2.6 0 0 1 0 3.6M6.2 12l.9 4.2h2" />,
  quarantine: <path d="M10 2.8 17.4 16H2.6L10 2.8ZM10 8v3.6M10 13.6v.4" />,
  accounting: <path d="M4 3h12v14l-2-1.3-2 1.3-2-1.3L8 17l-2-1.3L4 17V3ZM7 7h6M7 10.5h6" />,
  settings: (
    <>
      <path d="M3 6h7M14 6h3M3 14h3M10 14h7" />
      <circle cx="12" cy="6" r="2" />
      <circle cx="8" cy="14" r="2" />
    </>
  ),
  search: (
    <>
      <circle cx="9" cy="9" r="5.5" />
      <path d="m13.2 13.2 3.8 3.8" />
    </>
  ),
  close: <path d="m5 5 10 10M15 5 5 15" />,
  copy: <path d="M7 7h9v9H7zM4 12.5V4h8.5" />,
  check: <path d="m4 10.5 4 4 8-9" />,
  pause: <path d="M7 4.5v11M13 4.5v11" />,
  play: <path d="M6.5 4.5v11l9-5.5-9-5.5Z" />,
  menu: <path d="M3 6h14M3 10h14M3 14h14" />,
  down: <path d="m5.5 8 4.5 4.5L14.5 8" />,
  right: <path d="m8 5.5 4.5 4.5L8 14.5" />,
  sun: (
    <>
      <circle cx="10" cy="10" r="3.4" />
      <path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M15.3 4.7l-1.4 1.4M6.1 13.9l-1.4 1.4" />
    </>
  ),
  moon: <path d="M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5Z" />,
  system: <path d="M3 4h14v9H3zM7.5 16.5h5M10 13v3.5" />,
  leave: <path d="M8 3.5H4v13h4M8.5 10H17M13.8 6.8 17 10l-3.2 3.2" />,
};

export type IconName = keyof typeof strokes & string;

/** Decoration: what it stands for is said in words beside it, or in the label of its button. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 20 20"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {strokes[name]}
    </svg>
  );
}
