/** Signs of the public site, drawn for this product on 24 × 24, without fill. */

export const icons = {
  pen: '<path d="m4 20 1-5L16 4l4 4L9 19zM14 6l4 4"/>',
  telephone: '<path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 3 6a2 2 0 0 1 2-2z"/>',
  free: '<circle cx="12" cy="12" r="9"/><path d="m8.5 7 3.5 5 3.5-5M12 12v5.5M9 13h6M9 15.5h6"/>',
  nameless:
    '<rect x="3" y="6" width="18" height="13" rx="2"/><path d="M9 3v5M15 3v5M7 13h1.5M11.3 13h1.5M15.6 13h1.5"/>',
  lock: '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2.5"/>',
  onward: '<path d="M5 12h14M13 6l6 6-6 6"/>',
  language: '<path d="M3 6h9M7.5 3.5V6c0 4-2 7-4.5 8.5M5 9c1 2.5 3 4.5 6 5.5M12 21l4.5-11L21 21M13.5 17.5h6"/>',
  menu: '<path d="M4 7h16M4 12h16M4 17h16"/>',
  book: '<path d="M12 6.5C10 5 7 4.5 3.5 4.5v13.5C7 18 10 18.5 12 20c2-1.5 5-2 8.5-2V4.5C17 4.5 14 5 12 6.5zM12 6.5V20"/>',
  bag: '<path d="M6 20V10a6 6 0 0 1 12 0v10zM9.5 4.5a2.5 2.5 0 0 1 5 0M6 12h12M12 12v3M4 14v4M20 14v4"/>',
  care: '<path d="M3.5 11 12 4l8.5 7M6 9.5V20h12V9.5M12 17.5c-3-2-3.5-3.5-3.5-4.5a1.7 1.7 0 0 1 3.5-.5 1.7 1.7 0 0 1 3.5.5c0 1-.5 2.5-3.5 4.5z"/>',
  siblings:
    '<circle cx="8.5" cy="7" r="3"/><path d="M3 20c0-5 2-7.5 5.5-7.5 2 0 3.5.8 4.4 2.3"/><circle cx="16.5" cy="12" r="2.4"/><path d="M12.5 20c0-3 1.5-4.5 4-4.5s4 1.5 4 4.5"/>',
  purse:
    '<rect x="3" y="8" width="18" height="12" rx="2"/><path d="M9 8V5.5A1.5 1.5 0 0 1 10.5 4h3A1.5 1.5 0 0 1 15 5.5V8M9.5 10.5l2.5 3 2.5-3M12 13.5V17.5M10 14.2h4M10 16h4"/>',
  talk: '<path d="M4 5h16v11h-8l-5 4v-4H4z"/><path d="M12 13.5c-2.6-1.6-3-2.8-3-3.7a1.5 1.5 0 0 1 3-.4 1.5 1.5 0 0 1 3 .4c0 .9-.4 2.1-3 3.7z"/>',
  star: '<path d="m12 3 2.3 6.7L21 12l-6.7 2.3L12 21l-2.3-6.7L3 12l6.7-2.3z"/>',
  person:
    '<circle cx="12" cy="8" r="3.5"/><path d="M5 20.5c0-5 2.5-7.5 7-7.5s7 2.5 7 7.5M18.5 3l.8 2 2 .8-2 .8-.8 2-.8-2-2-.8 2-.8z"/>',
  board:
    '<rect x="3" y="4" width="18" height="12" rx="1"/><path d="M6.5 8h7M6.5 11.5h4.5M8 16l-2 4.5M16 16l2 4.5M16.5 9v3.5"/>',
  letter: '<path d="M3 9.5 12 4l9 5.5V20H3zM3 9.5l9 6 9-6"/>',
  mail: '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3.5 7 8.5 6.5L20.5 7"/>',
  together:
    '<circle cx="5.5" cy="17" r="2.5"/><circle cx="12" cy="6" r="2.5"/><circle cx="18.5" cy="17" r="2.5"/><path d="M10.7 8.2 6.8 14.8M13.3 8.2l3.9 6.6M8 17h8"/>',
  play: '<path fill="currentColor" d="m8 5 11 7-11 7z"/>',
  hospital: '<path d="M4 20.5V9h4V4h8v5h4v11.5zM12 6.5v4M10 8.5h4M10 20.5V16h4v4.5M6.5 13h1M16.5 13h1"/>',
  health:
    '<rect x="5" y="5" width="14" height="16" rx="2"/><path d="M9 5a3 3 0 0 1 6 0zM8.5 13h2l1.5-3 1.5 5 1-2h1.5"/>',
  city: '<path d="M3.5 9 12 4l8.5 5zM5 20.5h14M6 12v6M10 12v6M14 12v6M18 12v6"/>',
  visit:
    '<path d="M3 16V8h10v8M13 11h4l4 3v2h-2M3 16h2M9 16h6M8 10v4M6 12h4"/><circle cx="7" cy="17" r="2"/><circle cx="17" cy="17" r="2"/>',
  plan: '<path d="M6 3.5h9l3.5 3.5V20.5H6zM9 10h6M9 13.5h6M9 17h3.5"/>',
} as const;

export type IconName = keyof typeof icons;
