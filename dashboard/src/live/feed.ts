/** The event stream: the browser resumes a cut one by Last-Event-ID, we replace a dead one. */

import type { Box, Warning } from "../api/types";

export interface Listener {
  /**
   * The gateway listens to us: what it publishes from now on comes. `fresh` when it cannot replay
   * what was missed before, so read the lists.
   */
  opened(fresh: boolean): void;
  /** The stream broke; the browser mends it by itself unless `dead`. */
  broken(dead: boolean): void;
  /** Anything at all came; `at` is the gateway's clock where it told. */
  heard(at: string | null): void;
  warning(warning: Warning): void;
  box(box: Box): void;
  /** The gateway dropped events that we were too slow for. */
  resync(): void;
}

/** Opens one stream; the returned function closes it. */
export function openFeed(url: string, listener: Listener): () => void {
  const source = new EventSource(url);
  let fresh = true;
  let silent = true;

  function heard(at: string | null): void {
    listener.heard(at);
    if (!silent) return;
    silent = false;
    listener.opened(fresh);
    fresh = false;
  }

  source.addEventListener("error", () => {
    silent = true;
    listener.broken(source.readyState === EventSource.CLOSED);
  });
  source.addEventListener("warning", (event) => {
    heard(null);
    listener.warning(JSON.parse(event.data as string) as Warning);
  });
  source.addEventListener("box", (event) => {
    heard(null);
    listener.box(JSON.parse(event.data as string) as Box);
  });
  source.addEventListener("resync", () => {
    heard(null);
    listener.resync();
  });
  source.addEventListener("beat", (event) => {
    heard((JSON.parse(event.data as string) as { at: string }).at);
  });
  return () => {
    source.close();
  };
}
