// The timeline: a ruler, the mix, one lane an event, and the loudness; all share one view of time.

const INK = "#8b93a3";
const GRID = "#2a2e37";
const PIECE_S = 4; // as the server cuts sound
const RATE = 48000;
const COARSE = 12;
const CLOSE_S = 2; // a view this short shows samples, not their outline
export const VIEWS = ["Both", "Waveform", "Spectrogram"];

export class Timeline {
  constructor(element, duration, fps, timecode) {
    this.element = element;
    this.duration = duration;
    this.fps = fps;
    this.timecode = timecode;
    this.from = 0;
    this.to = duration;
    this.view = VIEWS[0];
    this.canvases = new Map();
    this.shots = [];
    this.markers = [];
    this.range = null;
    this.samples = () => null;
    this.ontrouble = () => {};
    this.ondraw = () => {};
    this.loop = null;
    this.onseek = () => {};
    this.onloop = () => {};
    this.ruler = element.querySelector("#ruler");
    this.listen();
    new ResizeObserver(() => this.draw()).observe(element);
    element.addEventListener("scroll", () => this.draw(), { passive: true });
  }

  // Lanes to show: {key, canvas, kind, colour, data} in the order of the page.
  set(lanes) {
    this.canvases = new Map(lanes.map((lane) => [lane.key, lane]));
    this.draw();
  }

  x(time, width) {
    return ((time - this.from) / (this.to - this.from)) * width;
  }

  time(x, width) {
    return this.from + (x / width) * (this.to - this.from);
  }

  zoom(factor, around) {
    const span = Math.min(Math.max((this.to - this.from) / factor, 10 / this.fps), this.duration);
    const share = (around - this.from) / (this.to - this.from);
    const inside = share >= 0 && share <= 1 ? share : 0.5;
    this.look(around - inside * span, span);
  }

  look(from, span = this.to - this.from) {
    this.from = Math.min(Math.max(from, 0), this.duration - span);
    this.to = this.from + span;
    this.draw();
  }

  // Turns the page when the playhead leaves it.
  follow(time) {
    if (time < this.from || time > this.to) this.look(time - 0.05 * (this.to - this.from));
  }

  listen() {
    let pressed = null;
    const at = (event) => {
      const box = this.ruler.getBoundingClientRect();
      const time = this.time(event.clientX - box.left, box.width);
      return Math.min(Math.max(time, 0), this.duration);
    };
    this.element.addEventListener("pointerdown", (event) => {
      if (event.target.tagName !== "CANVAS" || event.button) return;
      event.target.setPointerCapture(event.pointerId);
      pressed = { time: at(event), ruler: event.target === this.ruler };
      this.onseek(pressed.time);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (!pressed) return;
      const time = at(event);
      if (!pressed.ruler) this.onseek(time);
      else if (Math.abs(time - pressed.time) > 2 / this.fps) {
        this.onloop([Math.min(time, pressed.time), Math.max(time, pressed.time)]);
      }
    });
    this.element.addEventListener("pointerup", () => { pressed = null; });
    this.element.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) this.zoom(event.deltaY < 0 ? 1.25 : 0.8, at(event));
      else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const span = this.to - this.from;
        this.look(this.from + ((event.deltaX || event.deltaY) / 900) * span);
      } else return;
      event.preventDefault();
    }, { passive: false });
  }

  draw() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.guarded(() => this.drawRuler());
      this.guarded(() => this.ondraw());
      const box = this.element.getBoundingClientRect();
      for (const lane of this.canvases.values()) {
        const { top, bottom } = lane.canvas.getBoundingClientRect();
        if (bottom >= box.top - 80 && top <= Math.min(box.bottom, window.innerHeight) + 80) {
          this.guarded(() => this.drawLane(lane));
        }
      }
    });
  }

  // A drawing that fails says so and spoils no other.
  guarded(drawing) {
    try {
      drawing();
    } catch (error) {
      this.ontrouble(error);
    }
  }

  // Times of whole frames, far enough apart for a timecode between them.
  marks() {
    const most = Math.max(this.ruler.clientWidth / 100, 1);
    const second = Math.round(this.fps);
    const steps = [1, 2, 5, 10, ...[1, 2, 5, 10, 30, 60, 300].map((one) => one * second)];
    const frames = (this.to - this.from) * this.fps;
    const step = steps.find((one) => frames / one <= most) ?? 600 * second;
    const marks = [];
    for (let i = Math.ceil((this.from * this.fps) / step - 1e-6); (i * step) / this.fps <= this.to; i += 1) {
      marks.push((i * step) / this.fps);
    }
    return marks;
  }

  drawRuler() {
    const { pen, width, height } = fresh(this.ruler);
    pen.font = "11px system-ui, sans-serif";
    for (const time of this.marks()) {
      const x = this.x(time, width);
      pen.fillStyle = GRID;
      pen.fillRect(x, height - 6, 1, 6);
      pen.fillStyle = INK;
      if (x < width - 76) pen.fillText(this.timecode(time), x + 4, height - 7);
    }
    pen.fillStyle = "#f2b44b";
    for (const { time_s: time } of this.markers) {
      const x = this.x(time, width);
      pen.beginPath();
      pen.moveTo(x - 4, 0);
      pen.lineTo(x + 4, 0);
      pen.lineTo(x, 7);
      pen.fill();
    }
  }

  drawLane(lane) {
    const { pen, width, height } = fresh(lane.canvas);
    if (lane.kind === "loudness") return this.drawLoudness(lane, pen, width, height);
    if (this.view !== "Waveform") this.drawSpectrum(lane, pen, width, height);
    this.drawGrid(pen, width, height);
    if (this.view !== "Spectrogram") this.drawWave(lane, pen, width, height);
    this.drawCues(lane, pen, width, height);
    if (lane.treatment) this.drawFades(lane, pen, width, height);
    if (this.range?.id === lane.key) this.drawRange(pen, width, height);
    return undefined;
  }

  drawGrid(pen, width, height) {
    pen.fillStyle = "rgba(255,255,255,0.05)";
    for (const time of this.marks()) pen.fillRect(this.x(time, width), 0, 1, height);
    pen.fillStyle = "rgba(255,255,255,0.35)";
    for (const time of this.shots) pen.fillRect(this.x(time, width), 0, 1, height);
  }

  drawSpectrum(lane, pen, width, height) {
    const { picture } = lane.data;
    if (!picture) return;
    const share = picture.width / this.duration;
    pen.globalAlpha = this.view === "Both" ? 0.6 : 1;
    pen.drawImage(
      picture, this.from * share, 0, (this.to - this.from) * share, picture.height, 0, 0, width, height,
    );
    pen.globalAlpha = 1;
  }

  drawWave(lane, pen, width, height) {
    const { outline } = lane.data;
    if (!outline) return;
    if (this.to - this.from < CLOSE_S && this.drawSamples(lane, pen, width, height)) return;
    const wide = ((this.to - this.from) / this.duration) * (outline.length / 2) > 2 * COARSE * width;
    if (wide) lane.data.coarse ??= coarser(outline);
    const shown = wide ? lane.data.coarse : outline;
    const columns = shown.length / 2;
    const middle = height / 2;
    const reach = (middle - 2) / 127;
    pen.fillStyle = lane.colour;
    pen.globalAlpha = this.view === "Both" ? 0.9 : 1;
    for (let x = 0; x < width; x += 1) {
      const first = Math.floor((this.time(x, width) / this.duration) * columns);
      const last = Math.max(Math.floor((this.time(x + 1, width) / this.duration) * columns), first + 1);
      let [low, high] = [0, 0];
      for (let i = Math.max(first, 0); i < Math.min(last, columns); i += 1) {
        low = Math.min(low, shown[2 * i]);
        high = Math.max(high, shown[2 * i + 1]);
      }
      pen.fillRect(x, middle - high * reach, 1, Math.max((high - low) * reach, 1));
    }
    pen.globalAlpha = 1;
  }

  // The samples themselves, where a view is close enough; false while they are not here.
  drawSamples(lane, pen, width, height) {
    const pieces = new Map();
    for (let n = Math.floor(this.from / PIECE_S); n * PIECE_S < this.to; n += 1) {
      const found = this.samples(lane.key, n);
      if (!found) return false;
      pieces.set(n, found);
    }
    const sample = (i) => pieces.get(Math.floor(i / (PIECE_S * RATE)))?.[i % (PIECE_S * RATE)] ?? 0;
    const [first, last] = [Math.floor(this.from * RATE), Math.ceil(this.to * RATE)];
    let peak = 1e-4;
    for (let i = first; i < last; i += 1) peak = Math.max(peak, Math.abs(sample(i)));
    const middle = height / 2;
    const reach = (middle - 2) / peak;
    pen.fillStyle = lane.colour;
    for (let x = 0; x < width; x += 1) {
      const from = Math.floor(this.time(x, width) * RATE);
      const to = Math.max(Math.floor(this.time(x + 1, width) * RATE), from + 1);
      let [low, high] = [0, 0];
      for (let i = from; i < to; i += 1) {
        low = Math.min(low, sample(i));
        high = Math.max(high, sample(i));
      }
      pen.fillRect(x, middle - high * reach, 1, Math.max((high - low) * reach, 1));
    }
    return true;
  }

  // Where a lane's fades begin and end, in pixels: their handles stand at the inner ends.
  fades(lane, width) {
    const { fade_in: begin, fade_out: end } = lane.treatment;
    const start = begin?.at_s ?? lane.from_s;
    const stop = end?.at_s ?? lane.to_s;
    return {
      in: [this.x(start, width), this.x(start + (begin?.length_s ?? 0), width)],
      out: [this.x(stop, width), this.x(stop - (end?.length_s ?? 0), width)],
    };
  }

  drawFades(lane, pen, width, height) {
    const { in: begin, out: end } = this.fades(lane, width);
    pen.strokeStyle = pen.fillStyle = "rgba(242,180,75,.9)";
    pen.lineWidth = 1;
    for (const [outer, inner] of [begin, end]) {
      if (outer !== inner) {
        pen.beginPath();
        pen.moveTo(outer, height);
        pen.lineTo(inner, 2);
        pen.stroke();
      }
      pen.fillRect(inner - 3, 1, 6, 6);
    }
  }

  drawRange(pen, width, height) {
    const [from, to] = [this.range.from, this.range.to].map((time) => this.x(time, width));
    pen.fillStyle = "rgba(124,196,255,.25)";
    pen.fillRect(from, 0, to - from, height);
  }

  // Hits as ticks from below, as tall as they are strong; spans as bars.
  drawCues(lane, pen, width, height) {
    pen.fillStyle = "#ffffff";
    for (const [time, strength] of lane.hits ?? []) {
      const tall = 5 + 9 * strength;
      pen.fillRect(this.x(time, width) - 0.5, height - tall, 1.5, tall);
    }
    pen.globalAlpha = 0.55;
    for (const [start, end] of lane.spans ?? []) {
      const x = this.x(start, width);
      pen.fillRect(x, height - 3, this.x(end, width) - x, 2);
    }
    pen.globalAlpha = 1;
  }

  drawLoudness(lane, pen, width, height) {
    const y = (lufs) => height - ((Math.min(Math.max(lufs, -45), -5) + 45) / 40) * height;
    this.drawGrid(pen, width, height);
    pen.font = "10px system-ui, sans-serif";
    const { target_lufs: target, short_term_lufs: series } = lane.data.mix;
    if (target !== null) {
      pen.fillStyle = "#f2b44b";
      for (let x = 0; x < width; x += 7) pen.fillRect(x, y(target), 3, 1);
      pen.fillText(`${target} LUFS`, 4, y(target) - 4);
    }
    pen.strokeStyle = "#7cc4ff";
    pen.lineWidth = 1.5;
    pen.beginPath();
    series.forEach((value, second) => {
      const x = this.x(Math.min(second + 1, this.duration), width);
      if (value === null) return;
      if (second) pen.lineTo(x, y(value));
      else pen.moveTo(this.x(0, width), y(value));
      pen.lineTo(x, y(value));
    });
    pen.stroke();
  }
}

// An outline with so many columns less, for views of much at once.
function coarser(outline) {
  const made = new Int8Array(2 * Math.ceil(outline.length / 2 / COARSE));
  for (let i = 0; i < outline.length / 2; i += 1) {
    const at = 2 * Math.floor(i / COARSE);
    made[at] = Math.min(made[at], outline[2 * i]);
    made[at + 1] = Math.max(made[at + 1], outline[2 * i + 1]);
  }
  return made;
}

// A canvas at the screen's own resolution, cleared.
export function fresh(canvas) {
  const scale = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}
