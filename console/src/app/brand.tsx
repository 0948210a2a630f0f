export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <path d="M3 16h26" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
        <circle cx="10" cy="16" r="4" className="brand-ring" />
        <circle cx="22" cy="16" r="4" fill="currentColor" />
      </svg>
      Throughline
    </span>
  );
}
