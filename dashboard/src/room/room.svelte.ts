/** The state of the whole page: one room, one stream, the lists it keeps true. */

import { SvelteMap } from "svelte/reactivity";

import { api, ProblemError } from "../api/client";
import type { Box, Session, Warning, WarningDetail } from "../api/types";
import { openFeed, type Listener } from "../live/feed";
import { Ringer } from "../live/ringer.svelte";
import { backoffMs, REOPEN_AFTER_MS, sight, type Sight } from "../live/watch";
import { byTrouble } from "./boxes";
import { byRecency, byUrgency, isNews, ringing, stepped, waiting } from "./queue";

/** More open warnings than this are counted by the gateway, not listed. */
const OPEN_PAGES = 10;

export class Room implements Listener {
  readonly ringer = new Ringer();

  session = $state<Session | null>(null);
  /** The session was there and is gone. */
  expired = $state(false);
  shelf = $state<"open" | "closed">("open");
  selectedId = $state<number | null>(null);
  detail = $state<WarningDetail | null>(null);
  detailFault = $state<Error | null>(null);
  /** News for those who do not look at the list. */
  news = $state<Warning | null>(null);
  /** The lists have been read since the login; before, nothing may be said of them. */
  known = $state(false);
  /** More open warnings exist than are listed. */
  overflowing = $state(false);
  moreClosed = $state<string | null>(null);
  /** Local wall clock, ms; moves once a second. */
  now = $state(Date.now());
  sight = $state<Sight>({ state: "connecting" });
  /** Local wall clock when the stream was last heard. */
  lastHeardAt = $state<number | null>(null);

  readonly warnings = new SvelteMap<number, Warning>();
  readonly boxes = new SvelteMap<string, Box>();

  /** The gateway's clock, by which what it reports is dated. */
  readonly gatewayNow = $derived.by(() => this.now + this.aheadMs);
  readonly open = $derived.by(() =>
    [...this.warnings.values()].filter(({ state }) => state !== "closed").sort(byUrgency),
  );
  readonly closed = $derived.by(() =>
    [...this.warnings.values()].filter(({ state }) => state === "closed").sort(byRecency),
  );
  readonly listed = $derived(this.shelf === "open" ? this.open : this.closed);
  readonly waiting = $derived(waiting(this.open));
  readonly troubledBoxes = $derived([...this.boxes.values()].sort(byTrouble));
  readonly selected = $derived(
    this.selectedId === null ? null : (this.warnings.get(this.selectedId) ?? null),
  );

  private aheadMs = $state(0);
  private heardAtMono = performance.now();
  private openedAtMono = performance.now();
  private listsAreTrue = false;
  private connected = false;
  private attempt = 0;
  private closeFeed: (() => void) | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readingId: number | null = null;
  private readAgain = false;
  private rung = new Set<number>();

  async resume(): Promise<void> {
    this.enter(await api.session());
  }

  async login(username: string, password: string): Promise<void> {
    this.enter(await api.login(username, password));
  }

  async logout(): Promise<void> {
    if (this.session) await api.logout(this.session.csrf_token);
    this.leave(false);
  }

  /** Once a second. */
  tick(): void {
    this.now = Date.now();
    if (this.session === null) return;
    const mono = performance.now();
    this.sight = sight(this.heardAtMono, this.connected && this.listsAreTrue, mono);
    const mute = mono - Math.max(this.heardAtMono, this.openedAtMono) > REOPEN_AFTER_MS;
    if (this.closeFeed !== null && mute) this.reopen();
  }

  select(id: number | null): void {
    if (id === this.selectedId && this.detail?.id === id) return;
    this.selectedId = id;
    this.detail = null;
    this.detailFault = null;
    if (id !== null) void this.readDetail(id);
  }

  step(step: 1 | -1): number | null {
    return stepped(this.listed.map(({ id }) => id), this.selectedId, step);
  }

  /** The first that still waits. */
  nextWaiting(): number | null {
    return this.open.find(({ state }) => state === "unacknowledged")?.id ?? null;
  }

  /** Raises StaleError where the warning is no longer the one that was `seen`. */
  async acknowledge(seen: Warning, comment: string): Promise<void> {
    if (this.session === null) return;
    const { csrf_token } = this.session;
    this.warning(
      await this.guarded(() => api.acknowledge(seen.id, seen.version, comment, csrf_token)),
    );
  }

  /** One read at a time: news that come meanwhile are read once, afterwards. */
  async readDetail(id: number): Promise<void> {
    if (this.readingId === id) {
      this.readAgain = true;
      return;
    }
    this.readingId = id;
    this.readAgain = false;
    await this.readDetailOnce(id);
    if (this.readingId !== id) return;
    this.readingId = null;
    if (this.readAgain && this.selectedId === id) await this.readDetail(id);
  }

  private async readDetailOnce(id: number): Promise<void> {
    try {
      const detail = await this.guarded(() => api.warning(id));
      this.warning(detail, false);
      if (this.selectedId !== id) return;
      this.detail = detail;
      this.detailFault = null;
    } catch (error) {
      if (this.selectedId === id) this.detailFault = error as Error;
    }
  }

  async readClosed(after: string | null): Promise<void> {
    const page = await this.guarded(() => api.warnings("closed", after, 50));
    for (const warning of page.items) this.keep(warning);
    this.moreClosed = page.next;
  }

  opened(fresh: boolean): void {
    this.connected = true;
    this.attempt = 0;
    if (fresh) void this.readLists();
  }

  broken(dead: boolean): void {
    this.connected = false;
    if (dead) this.reopen();
  }

  /** A beat proves nothing while the lists cannot be read. */
  heard(at: string | null): void {
    if (at !== null) this.aheadMs = Date.parse(at) - Date.now();
    if (!this.listsAreTrue) return;
    this.heardAtMono = performance.now();
    this.lastHeardAt = Date.now();
    this.tick();
  }

  warning(told: Warning, mayReadDetail = true): void {
    const known = this.warnings.get(told.id);
    if (!isNews(known, told)) return;
    this.keep(told);
    this.ring();
    if (told.state === "unacknowledged" && (!known || known.color !== told.color)) this.news = told;
    if (mayReadDetail && told.id === this.selectedId) void this.readDetail(told.id);
  }

  box(told: Box): void {
    this.boxes.set(told.device, told);
  }

  resync(): void {
    this.listsAreTrue = false;
    void this.readLists();
  }

  private enter(session: Session): void {
    this.session = session;
    this.expired = false;
    this.lastHeardAt = null;
    this.heardAtMono = performance.now();
    this.connect();
  }

  private leave(expired: boolean): void {
    this.closeFeed?.();
    this.closeFeed = null;
    clearTimeout(this.retry);
    this.ringer.want(false, false);
    this.warnings.clear();
    this.boxes.clear();
    this.known = false;
    this.select(null);
    this.session = null;
    this.expired = expired;
  }

  private connect(): void {
    this.listsAreTrue = false;
    this.openedAtMono = performance.now();
    this.closeFeed = openFeed(api.events, this);
  }

  private reopen(): void {
    this.closeFeed?.();
    this.closeFeed = null;
    this.connected = false;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.reconnect(), backoffMs(this.attempt));
    this.attempt += 1;
  }

  private async reconnect(): Promise<void> {
    try {
      this.session = await this.guarded(() => api.session());
      this.connect();
    } catch {
      if (this.session !== null) this.reopen();
    }
  }

  /** Reads what stands now; what is no longer open is closed. */
  private async readLists(): Promise<void> {
    const before = this.open;
    try {
      const [open, boxes] = await Promise.all([this.readOpen(), this.guarded(() => api.boxes())]);
      const standing = new Set(open.map(({ id }) => id));
      for (const gone of before)
        if (!standing.has(gone.id) && this.warnings.get(gone.id) === gone)
          this.warnings.delete(gone.id);
      for (const warning of open) this.keep(warning);
      this.boxes.clear();
      for (const box of boxes) this.boxes.set(box.device, box);
      this.listsAreTrue = true;
      this.known = true;
      this.heard(null);
      this.ring();
      if (this.selectedId !== null) void this.readDetail(this.selectedId);
    } catch {
      if (this.session !== null) this.reopen();
    }
  }

  private async readOpen(): Promise<Warning[]> {
    const found: Warning[] = [];
    let after: string | null = null;
    for (let page = 0; page < OPEN_PAGES; page += 1) {
      const { items, next } = await this.guarded(() => api.warnings("open", after));
      found.push(...items);
      after = next;
      if (after === null) break;
    }
    this.overflowing = after !== null;
    return found;
  }

  private keep(warning: Warning): void {
    if (isNews(this.warnings.get(warning.id), warning)) this.warnings.set(warning.id, warning);
  }

  private ring(): void {
    const ids = ringing(this.open);
    const newcomer = ids.some((id) => !this.rung.has(id));
    this.rung = new Set(ids);
    this.ringer.want(ids.length > 0, newcomer);
  }

  /** Any call can find out that the session has ended. */
  private async guarded<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) this.leave(true);
      throw error;
    }
  }
}
