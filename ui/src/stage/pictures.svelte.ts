// Thumbnails by URL, loaded once. A drawing that asked for one is redrawn when it has loaded.

const KEPT = 400;

export class Pictures {
  // Drawings depend on `arrived`, not on the map.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  #loaded = new Map<string, HTMLImageElement | null>();
  /** Number of loaded pictures. */
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
