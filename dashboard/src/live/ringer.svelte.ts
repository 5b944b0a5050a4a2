/** The sound of red: rings at once and every 15 s until acknowledged or muted. */

const AGAIN_MS = 15_000;
const TONES: readonly (readonly [hz: number, startS: number])[] = [
  [880, 0],
  [660, 0.22],
  [880, 0.44],
  [660, 0.66],
];

export class Ringer {
  /** Chosen by the operator, and always shown. */
  muted = $state(false);
  /** Browsers allow no sound before the first key or click on the page. */
  blocked = $state(true);

  private audio: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private wanted = false;

  /** Call from a key or click. */
  unlock(): void {
    if (!this.blocked || !navigator.userActivation.hasBeenActive) return;
    this.audio ??= new AudioContext();
    void this.audio.resume().then(() => {
      this.blocked = this.audio?.state !== "running";
      if (!this.blocked && this.wanted) this.play();
    });
  }

  /** Whether something red waits; rings anew for each newcomer. */
  want(ringing: boolean, newcomer: boolean): void {
    if (ringing && (newcomer || !this.wanted)) this.play();
    if (ringing === this.wanted) return;
    this.wanted = ringing;
    clearInterval(this.timer);
    if (ringing) this.timer = setInterval(() => { this.play(); }, AGAIN_MS);
  }

  private play(): void {
    if (this.muted || this.blocked || this.audio === null) return;
    const { audio } = this;
    for (const [hz, startS] of TONES) {
      const tone = new OscillatorNode(audio, { type: "triangle", frequency: hz });
      const level = new GainNode(audio, { gain: 0 });
      const from = audio.currentTime + startS;
      level.gain.setValueAtTime(0, from);
      level.gain.linearRampToValueAtTime(0.35, from + 0.02);
      level.gain.exponentialRampToValueAtTime(0.001, from + 0.2);
      tone.connect(level).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.22);
    }
  }
}
