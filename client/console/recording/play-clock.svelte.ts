/** A page in the background draws nothing: time does not run on there without anybody who looks. */
const LONGEST_STEP_MS = 250;
/** A sound that is put somewhere may stand a little before it: what is left of a pause then is played. */
const LANDS_WITHIN_SECONDS = 0.2;

/** Where a recording is: by the sound's clock where there is sound, else by its own. Seconds after the beginning. */
export class PlayClock {
  readonly seconds: number;
  /** Nothing happens in these stretches, from and until. */
  readonly pauses: readonly [number, number][];
  moment = $state(0);
  paused = $state(true);
  skips = $state(false);
  #speed = $state(1);
  #sound: HTMLMediaElement | null = null;
  #frame = 0;
  #before = 0;

  constructor(seconds: number, pauses: readonly [number, number][]) {
    this.seconds = seconds;
    this.pauses = pauses;
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#speed = speed;
    if (this.#sound) this.#sound.playbackRate = speed;
  }

  /** An attachment: from now on the sound's time is everybody's. */
  readonly follow = (sound: HTMLMediaElement): (() => void) => {
    this.#sound = sound;
    const read = (): void => {
      this.moment = sound.currentTime;
      this.paused = sound.paused;
      if (!sound.paused) this.#run();
    };
    const events = ['play', 'pause', 'seeked', 'ended', 'timeupdate'];
    for (const event of events) sound.addEventListener(event, read);
    return () => {
      for (const event of events) sound.removeEventListener(event, read);
      this.#sound = null;
    };
  };

  toggle(): void {
    if (this.paused) this.play();
    else this.pause();
  }

  play(): void {
    if (this.moment >= this.seconds - 0.05) this.seek(0);
    if (this.#sound) return void this.#sound.play().catch(() => {});
    this.paused = false;
    this.#run();
  }

  pause(): void {
    if (this.#sound) return this.#sound.pause();
    this.paused = true;
  }

  seek(to: number): void {
    this.moment = Math.max(0, Math.min(this.seconds, to));
    if (this.#sound) this.#sound.currentTime = this.moment;
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.paused = true;
  }

  #run(): void {
    cancelAnimationFrame(this.#frame);
    this.#before = performance.now();
    this.#frame = requestAnimationFrame(() => this.#step());
  }

  #step(): void {
    if (this.paused) return;
    const now = performance.now();
    const pause = this.skips ? this.pauses.find((each) => this.#isIn(each)) : undefined;
    if (pause) this.seek(pause[1]);
    else if (this.#sound) this.moment = this.#sound.currentTime;
    else this.#advance((Math.min(now - this.#before, LONGEST_STEP_MS) / 1000) * this.#speed);
    this.#before = now;
    this.#frame = requestAnimationFrame(() => this.#step());
  }

  #isIn([from, to]: readonly [number, number]): boolean {
    return this.moment >= from && this.moment < to - LANDS_WITHIN_SECONDS;
  }

  #advance(seconds: number): void {
    this.moment = Math.min(this.seconds, this.moment + seconds);
    if (this.moment >= this.seconds) this.paused = true;
  }
}
