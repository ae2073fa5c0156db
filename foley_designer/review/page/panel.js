// What hands do to the chosen sound beside its lane: equaliser, fades, takes, a stretch of it.

import { fresh } from "./lanes.js";

const BANDS = [
  { shape: "low_shelf", name: "Low", hz: 110, q: 0.7 },
  { shape: "peak", name: "Mid", hz: 1000, q: 0.8 },
  { shape: "high_shelf", name: "High", hz: 7000, q: 0.7 },
];
const [LOWEST, HIGHEST, REACH] = [30, 16000, 12];
const TAKES = 4;
const signed = (value) => `${value > 0 ? "+" : "−"}${Math.abs(value)}`;
const pitch = (hz) => (hz >= 1000 ? `${(hz / 1000).toFixed(1).replace(".0", "")} kHz` : `${Math.round(hz)} Hz`);

function made(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export class Panel {
  // `apply` gets words and operations; `audition` plays a take of a lane.
  constructor(element, { apply, audition, timecode, timeline }) {
    Object.assign(this, { element, apply, audition, timecode, timeline });
    this.lane = null;
  }

  show(lane, editable) {
    this.lane = editable ? lane : null;
    this.element.hidden = !this.lane;
    this.element.replaceChildren();
    if (!this.lane) return;
    const head = made("h3", "", lane.label);
    this.element.append(head, this.equaliser(), this.fades(), this.takes());
    this.drawCurve();
    const { range } = this.timeline;
    if (range?.id === lane.id) this.element.append(this.stretch(range));
  }

  // ---- equaliser ------------------------------------------------------------------------------

  // The lane's own band of a shape, or the usual one at 0 dB.
  band({ shape, hz, q }) {
    const set = this.lane.treatment.eq.find((one) => one.kind === shape);
    return set
      ? { shape, hz: set.frequency_hz, q: set.q, db: set.gain_db }
      : { shape, hz, q, db: 0 };
  }

  equaliser() {
    const box = made("fieldset", "eq");
    box.append(made("legend", "", "Equaliser"));
    this.curve = made("canvas", "curve");
    this.curve.setAttribute("role", "img");
    this.curve.setAttribute("aria-label", "Equaliser: drag its three handles; the sliders do the same");
    box.append(this.curve);
    this.bands = BANDS.map((band) => this.band(band));
    this.sliders = BANDS.map((band, index) => {
      const label = made("label", "", `${band.name} `);
      const slider = made("input");
      const { db } = this.bands[index];
      Object.assign(slider, { type: "range", min: -REACH, max: REACH, step: 0.5, value: db });
      slider.addEventListener("input", () => {
        this.bands[index].db = Number(slider.value);
        this.drawCurve();
      });
      slider.addEventListener("change", () => this.equalised(index));
      slider.addEventListener("keydown", (event) => event.stopPropagation());
      label.append(slider);
      box.append(label);
      return slider;
    });
    this.curve.addEventListener("pointerdown", (event) => this.grab(event));
    return box;
  }

  // Where a frequency and a level lie on the curve, and back.
  at(hz, db) {
    const { clientWidth: width, clientHeight: height } = this.curve;
    return [
      (Math.log(hz / LOWEST) / Math.log(HIGHEST / LOWEST)) * width,
      height / 2 - (db / REACH) * (height / 2 - 6),
    ];
  }

  from(x, y) {
    const { clientWidth: width, clientHeight: height } = this.curve;
    const hz = LOWEST * (HIGHEST / LOWEST) ** Math.min(Math.max(x / width, 0), 1);
    const db = ((height / 2 - y) / (height / 2 - 6)) * REACH;
    return [Math.round(hz), Math.round(Math.min(Math.max(db, -REACH), REACH) * 2) / 2];
  }

  grab(event) {
    const box = this.curve.getBoundingClientRect();
    const gaps = this.bands.map(({ hz, db }) => {
      const [x, y] = this.at(hz, db);
      return Math.hypot(x - (event.clientX - box.left), y - (event.clientY - box.top));
    });
    const index = gaps.indexOf(Math.min(...gaps));
    if (gaps[index] > 22 || event.button) return;
    this.curve.setPointerCapture(event.pointerId);
    const move = (now) => {
      const [hz, db] = this.from(now.clientX - box.left, now.clientY - box.top);
      // A handle that goes straight up keeps its frequency.
      if (Math.abs(now.clientX - event.clientX) > 6) this.bands[index].hz = hz;
      this.bands[index].db = db;
      this.sliders[index].value = db;
      this.drawCurve();
    };
    const done = () => {
      this.curve.removeEventListener("pointermove", move);
      this.curve.removeEventListener("pointerup", done);
      this.curve.removeEventListener("pointercancel", done);
      this.equalised(index);
    };
    this.curve.addEventListener("pointermove", move);
    this.curve.addEventListener("pointerup", done);
    this.curve.addEventListener("pointercancel", done);
  }

  // The band as it is now, as an operation: what was there goes, what is wanted comes.
  equalised(index) {
    const { shape, hz, q, db } = this.bands[index];
    const before = this.band(BANDS[index]);
    const change = (frequency_hz, gain_db) => ({ kind: "eq", event_id: this.lane.id, shape, frequency_hz, gain_db, q });
    const operations = [];
    if (hz !== before.hz && before.db) operations.push(change(before.hz, -before.db));
    const more = hz === before.hz ? db - before.db : db;
    if (more) operations.push(change(hz, Math.round(more * 1000) / 1000));
    if (operations.length) this.apply(`${this.lane.label}: ${signed(db)} dB at ${pitch(hz)}`, operations);
  }

  drawCurve() {
    if (!this.curve?.isConnected) return;
    const { pen, width, height } = fresh(this.curve);
    pen.fillStyle = "#2a2e37";
    for (const hz of [100, 1000, 10000]) pen.fillRect(this.at(hz, 0)[0], 0, 1, height);
    pen.fillRect(0, height / 2, width, 1);
    pen.strokeStyle = "#f2b44b";
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (let x = 0; x <= width; x += 2) {
      const [hz] = this.from(x, 0);
      const db = this.bands.reduce((sum, band) => sum + response(band, hz), 0);
      pen.lineTo(x, this.at(hz, db)[1]);
    }
    pen.stroke();
    this.bands.forEach(({ hz, db }) => {
      const [x, y] = this.at(hz, db);
      pen.beginPath();
      pen.arc(x, y, 5, 0, 2 * Math.PI);
      pen.fillStyle = db ? "#f2b44b" : "#8b93a3";
      pen.fill();
    });
  }

  // ---- fades, takes, a stretch ----------------------------------------------------------------

  fades() {
    const box = made("fieldset", "fades");
    box.append(made("legend", "", "Fades, s"));
    for (const edge of ["in", "out"]) {
      const label = made("label", "", `${edge} `);
      const field = made("input");
      const length = this.lane.treatment[`fade_${edge}`]?.length_s ?? 0;
      Object.assign(field, { type: "number", min: 0, max: 60, step: 0.1, value: length });
      field.addEventListener("keydown", (event) => event.stopPropagation());
      field.addEventListener("change", () => this.faded(edge, Number(field.value)));
      label.append(field);
      box.append(label);
    }
    return box;
  }

  faded(edge, length_s) {
    const rounded = Math.round(Math.max(length_s, 0) * 1000) / 1000;
    this.apply(`fade ${this.lane.label} ${edge} over ${rounded} s`, [
      { kind: "fade", event_id: this.lane.id, edge, length_s: rounded },
    ]);
  }

  takes() {
    const box = made("fieldset", "takes");
    box.append(made("legend", "", "Takes"));
    const first = Math.max(0, this.lane.take - TAKES + 1);
    for (let take = first; take < first + TAKES; take += 1) {
      const mine = take === this.lane.take;
      const row = made("div", mine ? "take mine" : "take");
      const hear = made("button", "", "▶");
      hear.type = "button";
      hear.title = `Hear take ${take}`;
      hear.setAttribute("aria-label", `Hear take ${take}`);
      hear.addEventListener("click", () => this.audition(this.lane, take, hear));
      const use = made("button", "", mine ? `${take} ✓` : `${take}`);
      use.type = "button";
      use.disabled = mine;
      use.title = mine ? "The take that is used" : `Use take ${take}`;
      use.addEventListener("click", () =>
        this.apply(`take ${take} of ${this.lane.label}`, [{ kind: "choose_take", event_id: this.lane.id, take }]));
      row.append(hear, use);
      box.append(row);
    }
    return box;
  }

  stretch({ from, to }) {
    const box = made("fieldset", "stretch");
    const when = `${this.timecode(from)} to ${this.timecode(to)}`;
    box.append(made("legend", "", when));
    for (const change of [-6, -3, -1, 1, 3]) {
      const button = made("button", "", `${signed(change)} dB`);
      button.type = "button";
      button.addEventListener("click", () =>
        this.apply(`${this.lane.label} ${signed(change)} dB from ${when}`, [
          { kind: "adjust_level", event_id: this.lane.id, change_db: change, from_s: from, to_s: to },
        ]));
      box.append(button);
    }
    return box;
  }
}

// Roughly how a band lifts a frequency, dB: for the eye; the engine reckons for itself.
function response({ shape, hz, q, db }, at) {
  const octaves = Math.log2(at / hz);
  if (shape === "peak") return db * Math.exp(-((octaves * q * 1.4) ** 2));
  const way = shape === "low_shelf" ? -1 : 1;
  return db / (1 + Math.exp(-way * octaves * 2.2));
}
