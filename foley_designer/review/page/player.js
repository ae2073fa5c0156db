// The player: plain samples in pieces, scheduled on the audio clock, and a picture that follows it.
// Every strip is one sound of one version; all of them share one clock, so solo, mute and A/B stay
// in time to the sample.

const RATE = 48000;
const PIECE_S = 4; // as the server cuts them
const AHEAD_S = 1.2;
const FADE_S = 0.012;
const SPEEDS = [1, 2, 4];

class Strip {
  constructor(context, key, out) {
    this.context = context;
    this.key = key;
    this.pieces = new Map();
    this.sounding = new Map();
    this.gain = new GainNode(context, { gain: 0 });
    this.gain.connect(out);
  }

  // A piece as a buffer, backwards where the tape runs so; null behind the end.
  piece(number, backwards) {
    const name = backwards ? -number - 1 : number;
    if (!this.pieces.has(name)) {
      if (this.pieces.size > 8) this.pieces.delete(this.pieces.keys().next().value);
      this.pieces.set(name, this.load(number, backwards));
    }
    return this.pieces.get(name);
  }

  async load(number, backwards) {
    const response = await fetch(`sound/${this.key}/${number}`);
    if (!response.ok) throw new Error("A sound can't be read.");
    const samples = new Float32Array(await response.arrayBuffer());
    if (!samples.length) return null;
    const length = samples.length / 2;
    const buffer = new AudioBuffer({ length, numberOfChannels: 2, sampleRate: RATE });
    for (const channel of [0, 1]) {
      const part = samples.subarray(channel * length, (channel + 1) * length);
      buffer.copyToChannel(backwards ? part.reverse() : part, channel);
    }
    return buffer;
  }

  stop() {
    for (const source of this.sounding.values()) if (source) source.stop();
    this.sounding.clear();
  }

  set(level, time) {
    this.gain.gain.setTargetAtTime(level, time, FADE_S);
  }
}

export class Player {
  constructor(video, duration, fps) {
    this.video = video;
    this.duration = duration;
    this.fps = fps;
    this.speed = 0;
    this.from = 0;
    this.since = 0;
    this.loop = null;
    this.strips = new Map();
    this.wanted = new Map();
    this.onchange = () => {};
    setInterval(() => this.schedule(), 150);
  }

  // A sound that belongs to no strip, from a second on, instead of what sounds now.
  hear(samples, from_s) {
    this.stop();
    this.once?.stop();
    const length = samples.length / 2;
    if (!length) return;
    const buffer = new AudioBuffer({ length, numberOfChannels: 2, sampleRate: RATE });
    for (const channel of [0, 1]) buffer.copyToChannel(samples.subarray(channel * length, (channel + 1) * length), channel);
    this.once = new AudioBufferSourceNode(this.context, { buffer });
    this.once.connect(this.stems);
    this.once.start(0, Math.max(from_s - 0.1, 0));
  }

  // The audio graph; browsers allow it after the first key or click.
  start() {
    if (this.context) return;
    const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    this.context = context;
    this.sum = new GainNode(context, { gain: 1 });
    // Stems without their master may pass full scale; this holds them, and nothing of a master.
    this.guard = new DynamicsCompressorNode(context, {
      threshold: -1, knee: 0, ratio: 20, attack: 0.001, release: 0.1,
    });
    this.stems = new GainNode(context, { gain: 1 });
    this.stems.connect(this.guard).connect(this.sum);
    this.sum.connect(context.destination);
    this.applied();
  }

  get position() {
    if (!this.speed) return this.from;
    const gone = (this.context.currentTime - this.since) * this.speed;
    return Math.min(Math.max(this.from + gone, 0), this.duration);
  }

  // Where the ear is: what is scheduled now is heard a little later.
  get heard() {
    const late = this.speed ? (this.context.outputLatency || 0) * this.speed : 0;
    return Math.min(Math.max(this.position - late, 0), this.duration);
  }

  // Which sounds are wanted, and how loud: key to {level, master}. Others fade out.
  mix(wanted) {
    this.wanted = wanted;
    if (this.context) this.applied();
  }

  async applied() {
    const asked = this.wanted;
    for (const [key, { master }] of asked) {
      if (!this.strips.has(key)) {
        this.strips.set(key, new Strip(this.context, key, master ? this.sum : this.stems));
      }
    }
    if (this.speed) {
      const number = Math.floor(this.position / PIECE_S);
      const heard = [...asked].filter(([, { level }]) => level > 0);
      await Promise.all(heard.map(([key]) => this.strips.get(key).piece(number, this.speed < 0)));
      if (asked !== this.wanted) return;
      await this.schedule();
    }
    for (const [key, strip] of this.strips) {
      strip.set(asked.get(key)?.level ?? 0, this.context.currentTime);
      if (!asked.has(key)) {
        setTimeout(() => this.wanted.has(key) || this.drop(key), 200);
      }
    }
  }

  drop(key) {
    const strip = this.strips.get(key);
    if (!strip) return;
    strip.stop();
    strip.gain.disconnect();
    this.strips.delete(key);
  }

  async schedule() {
    if (!this.speed) return;
    this.turn();
    if (!this.speed) return;
    const here = this.position;
    const there = here + AHEAD_S * this.speed;
    const [low, high] = [Math.min(here, there), Math.max(here, there)];
    const first = Math.max(Math.floor(low / PIECE_S), 0);
    const last = Math.floor(Math.min(high, this.duration - 1e-6) / PIECE_S);
    const jobs = [];
    for (const key of this.wanted.keys()) {
      const strip = this.strips.get(key);
      for (let number = first; strip && number <= last; number += 1) {
        if (!strip.sounding.has(number)) jobs.push(this.sound(strip, number));
      }
    }
    await Promise.all(jobs);
  }

  async sound(strip, number) {
    strip.sounding.set(number, null);
    const run = this.since;
    const backwards = this.speed < 0;
    const buffer = await strip.piece(number, backwards);
    if (!buffer || run !== this.since || !this.speed || !strip.sounding.has(number)) return;
    const pace = Math.abs(this.speed);
    const now = this.context.currentTime + 0.01;
    const here = this.from + (now - this.since) * this.speed;
    const start = number * PIECE_S;
    const end = start + buffer.duration;
    const begin = backwards ? Math.min(here, end) : Math.max(here, start);
    const offset = backwards ? end - begin : begin - start;
    if (offset >= buffer.duration) return;
    const source = new AudioBufferSourceNode(this.context, { buffer, playbackRate: pace });
    source.connect(strip.gain);
    source.start(now + Math.abs(begin - here) / pace, offset);
    strip.sounding.set(number, source);
  }

  // At the end of the film or of the loop.
  turn() {
    const here = this.position;
    if (this.loop && this.speed > 0 && here >= this.loop[1]) this.go(this.loop[0]);
    else if ((this.speed > 0 && here >= this.duration) || (this.speed < 0 && here <= 0)) this.stop();
  }

  async play(speed = 1) {
    this.start();
    this.context.resume();
    const here = this.position;
    const over = speed > 0 && here >= this.duration - 0.5 / this.fps;
    this.run(over ? (this.loop ? this.loop[0] : 0) : here, speed);
  }

  // The next faster pace in a direction: J and L.
  shuttle(direction) {
    const pace = SPEEDS.indexOf(Math.abs(this.speed));
    const same = Math.sign(this.speed) === direction;
    this.play(direction * SPEEDS[same ? Math.min(pace + 1, SPEEDS.length - 1) : 0]);
  }

  run(from, speed) {
    this.once?.stop();
    this.once = null;
    for (const strip of this.strips.values()) strip.stop();
    this.from = Math.min(Math.max(from, 0), this.duration);
    this.speed = speed;
    this.since = this.context ? this.context.currentTime + (speed ? 0.03 : 0) : 0;
    if (speed > 0) {
      this.video.currentTime = this.from;
      this.video.playbackRate = speed;
      this.video.play().catch(() => {});
    } else {
      this.video.pause();
      if (!speed) this.show(this.from);
    }
    this.schedule();
    this.onchange();
  }

  stop() {
    if (this.speed) this.run(Math.round(this.heard * this.fps) / this.fps, 0);
  }

  toggle() {
    if (this.speed) this.stop();
    else this.play(1);
  }

  go(position) {
    this.run(position, this.speed);
  }

  step(frames) {
    if (this.speed) this.stop();
    const frame = Math.round(this.from * this.fps) + frames;
    const last = Math.max(Math.round(this.duration * this.fps) - 1, 0);
    this.go(Math.min(Math.max(frame, 0), last) / this.fps);
  }

  // The middle of a frame, so that rounding can't show its neighbour.
  show(position) {
    const frame = Math.min(Math.round(position * this.fps), Math.round(this.duration * this.fps) - 1);
    this.video.currentTime = Math.max((frame + 0.5) / this.fps, 0);
  }

  // Called for each picture of the screen: the picture follows the sound.
  follow() {
    const { video } = this;
    if (this.speed < 0 && !video.seeking) this.show(this.heard);
    if (this.speed <= 0) return;
    const drift = video.currentTime - this.heard;
    if (Math.abs(drift) > 0.25 && !video.seeking) video.currentTime = this.heard;
    else video.playbackRate = this.speed * (Math.abs(drift) > 0.015 ? 1 - Math.max(Math.min(drift, 0.2), -0.2) : 1);
  }
}
