// Live meters behind the mixer: sample peak of both channels, and momentary loudness.

import { fresh } from "./lanes.js";

// ITU-R BS.1770-5, annex 1, tables 1 and 2: the K filter at 48 kHz.
const SHELF = [[1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585]];
const HIGH_PASS = [[1, -2, 1], [1, -1.99004745483398, 0.99007225036621]];
const MOMENT = 19200; // 400 ms
const FLOOR = -60;
const decibels = (value) => 20 * Math.log10(Math.max(value, 1e-7));

export class Meters {
  constructor(canvas) {
    this.canvas = canvas;
    this.levels = [FLOOR, FLOOR];
    this.holds = [[FLOOR, 0], [FLOOR, 0]];
    this.momentary = null;
    this.looked = 0;
  }

  listen(context, source) {
    const split = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    source.connect(split);
    this.peaks = [0, 1].map((channel) => {
      const ear = new AnalyserNode(context, { fftSize: 2048 });
      split.connect(ear, channel);
      return ear;
    });
    const make = ([feedforward, feedback]) => new IIRFilterNode(context, { feedforward, feedback });
    const weighted = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    source.connect(make(SHELF)).connect(make(HIGH_PASS)).connect(weighted);
    this.ears = [0, 1].map((channel) => {
      const ear = new AnalyserNode(context, { fftSize: 32768 });
      weighted.connect(ear, channel);
      return ear;
    });
    this.short = new Float32Array(2048);
    this.long = new Float32Array(32768);
  }

  draw(now) {
    if (this.peaks) this.measure(now);
    const { pen, width, height } = fresh(this.canvas);
    const y = (level) => 14 + ((0 - level) / -FLOOR) * (height - 32);
    const bar = Math.min((width - 26) / 2 - 2, 16);
    pen.font = "9px system-ui, sans-serif";
    pen.fillStyle = "#646c7b";
    for (const level of [0, -6, -12, -20, -30, -40, -60]) pen.fillText(`${-level}`, 0, y(level) + 3);
    [0, 1].forEach((channel) => {
      const x = 22 + channel * (bar + 3);
      pen.fillStyle = "#23262e";
      pen.fillRect(x, y(0), bar, y(FLOOR) - y(0));
      const level = Math.max(this.levels[channel], FLOOR);
      const shade = pen.createLinearGradient(0, y(0), 0, y(FLOOR));
      shade.addColorStop(0, "#e2504e");
      shade.addColorStop(0.12, "#f2b44b");
      shade.addColorStop(0.35, "#4fc38a");
      pen.fillStyle = shade;
      pen.fillRect(x, y(level), bar, y(FLOOR) - y(level));
      pen.fillStyle = "#ffffff";
      if (this.holds[channel][0] > FLOOR) pen.fillRect(x, y(this.holds[channel][0]), bar, 1.5);
    });
    pen.fillStyle = "#d7dbe3";
    pen.fillText(this.momentary === null ? "" : `M ${this.momentary.toFixed(1)}`, 4, height - 4);
  }

  measure(now) {
    this.peaks.forEach((ear, channel) => {
      ear.getFloatTimeDomainData(this.short);
      let peak = 0;
      for (const value of this.short) peak = Math.max(peak, Math.abs(value));
      const level = decibels(peak);
      this.levels[channel] = Math.max(level, this.levels[channel] - 1.2);
      const [held, since] = this.holds[channel];
      if (level >= held || now - since > 1500) this.holds[channel] = [level, now];
    });
    if (now - this.looked < 100) return;
    this.looked = now;
    let power = 0;
    for (const ear of this.ears) {
      ear.getFloatTimeDomainData(this.long);
      let sum = 0;
      for (let i = this.long.length - MOMENT; i < this.long.length; i += 1) sum += this.long[i] ** 2;
      power += sum / MOMENT;
    }
    const lufs = -0.691 + 10 * Math.log10(Math.max(power, 1e-12));
    this.momentary = lufs > -70 ? lufs : null;
  }
}
