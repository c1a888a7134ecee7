// The design tokens for canvases, read once per change of theme.

const COLOURS = ['background', 'panel', 'raised', 'line', 'text', 'second', 'third', 'now', 'on-now', 'picture', 'tempo', 'tags', 'seen'] as const;

export type Theme = Record<(typeof COLOURS)[number], string> & { font: string };

export class Themes {
  now = $state.raw<Theme>(read());

  /** Listens for changes of the theme; returns a stop function. */
  watch(): () => void {
    this.now = read();
    const changed = () => (this.now = read());
    const attributes = new MutationObserver(changed);
    attributes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
    const system = matchMedia('(prefers-color-scheme: light)');
    system.addEventListener('change', changed);
    void document.fonts?.ready.then(changed);
    return () => {
      attributes.disconnect();
      system.removeEventListener('change', changed);
    };
  }
}

function read(): Theme {
  const style = getComputedStyle(document.documentElement);
  const entries = COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || '#888']);
  const font = style.getPropertyValue('--font').trim() || 'system-ui, sans-serif';
  return { ...(Object.fromEntries(entries) as Record<(typeof COLOURS)[number], string>), font };
}
