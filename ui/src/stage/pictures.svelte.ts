// Small pictures by address, loaded once. What draws asks for one and is drawn again when it has come.

const KEPT = 400;

export class Pictures {
  // What is drawn looks at `arrived`, not at the map.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  #loaded = new Map<string, HTMLImageElement | null>();
  /** Goes up when one has come. */
  arrived = $state(0);

  of(url: string): HTMLImageElement | null {
    const known = this.#loaded.get(url);
    if (known !== undefined) return known;
    this.#loaded.set(url, null);
    const image = new Image();
    image.decoding = 'async';
    image.onload = () => {
      this.#loaded.set(url, image);
      this.arrived += 1;
    };
    image.onerror = () => this.#loaded.delete(url);
    image.src = url;
    for (const oldest of this.#loaded.keys()) {
      if (this.#loaded.size <= KEPT) break;
      this.#loaded.delete(oldest);
    }
    return null;
  }
}
