// What hands do: hits that drag and nudge by frame, faders, dots that are put in their place.
// Each becomes an operation, with words for the log, and goes the way that the chat's do.

const NEAR_PX = 7;

export class Gestures {
  // `apply` gets words and operations; `lane` finds a lane by its id.
  // `ranged` hears of a stretch of a lane that was drawn.
  constructor({ timeline, fps, apply, lane, timecode, ranged }) {
    Object.assign(this, { timeline, fps, apply, lane, timecode, ranged });
  }

  framed(time) {
    return Math.round(time * this.fps) / this.fps;
  }

  // Number from 1 of the lane's hit under the pointer; 0 for none.
  hitAt(lane, canvas, clientX) {
    const box = canvas.getBoundingClientRect();
    const gaps = (lane.hits ?? []).map(([time]) =>
      Math.abs(this.timeline.x(time, box.width) - (clientX - box.left)));
    const least = Math.min(...gaps);
    return least <= NEAR_PX ? gaps.indexOf(least) + 1 : 0;
  }

  // Lets hits of a lane be dragged along its canvas.
  draggable(id, canvas) {
    canvas.addEventListener("pointermove", (event) => {
      if (event.buttons) return;
      const lane = this.lane(id);
      const held = lane && (this.fadeAt(lane, canvas, event) || this.hitAt(lane, canvas, event.clientX));
      canvas.style.cursor = held ? "ew-resize" : "";
    });
    canvas.addEventListener("pointerdown", (event) => {
      const lane = this.lane(id);
      if (!lane || event.button) return;
      const edge = event.shiftKey ? "" : this.fadeAt(lane, canvas, event);
      const number = this.hitAt(lane, canvas, event.clientX);
      if (!edge && !number && !event.shiftKey) return;
      event.stopPropagation();
      canvas.setPointerCapture(event.pointerId);
      if (event.shiftKey) this.stretch(lane, canvas, event);
      else if (edge) this.fade(lane, edge, canvas);
      else this.drag(lane, number, canvas);
    });
  }

  // The edge whose fade handle is under the pointer; empty for none.
  fadeAt(lane, canvas, event) {
    const box = canvas.getBoundingClientRect();
    if (event.clientY - box.top > 12) return "";
    const ends = this.timeline.fades(lane, box.width);
    return ["in", "out"].find((edge) => Math.abs(ends[edge][1] - (event.clientX - box.left)) <= NEAR_PX) ?? "";
  }

  // Follows the pointer over a canvas until it is let go.
  following(canvas, move, done) {
    const end = (event) => {
      canvas.removeEventListener("pointermove", move);
      canvas.removeEventListener("pointerup", end);
      canvas.removeEventListener("pointercancel", end);
      done(event);
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
  }

  timeAt(canvas, event) {
    const box = canvas.getBoundingClientRect();
    const time = this.timeline.time(event.clientX - box.left, box.width);
    return Math.min(Math.max(this.framed(time), 0), this.timeline.duration);
  }

  fade(lane, edge, canvas) {
    const before = lane.treatment[`fade_${edge}`];
    const anchor = before?.at_s ?? (edge === "in" ? lane.from_s : lane.to_s);
    let length = before?.length_s ?? 0;
    const move = (event) => {
      const time = this.timeAt(canvas, event);
      length = Math.max(Math.round((edge === "in" ? time - anchor : anchor - time) * 1000) / 1000, 0);
      lane.treatment[`fade_${edge}`] = { length_s: length, at_s: before?.at_s ?? null };
      this.timeline.draw();
    };
    this.following(canvas, move, () => {
      lane.treatment[`fade_${edge}`] = before;
      this.timeline.draw();
      if (Math.abs(length - (before?.length_s ?? 0)) < 0.25 / this.fps) return;
      const operation = { kind: "fade", event_id: lane.id, edge, length_s: length };
      if (before?.at_s != null) operation.at_s = before.at_s;
      this.apply(`fade ${lane.label} ${edge} over ${length} s`, [operation]);
    });
  }

  // A stretch of a lane, drawn with Shift held down.
  stretch(lane, canvas, event) {
    const start = this.timeAt(canvas, event);
    const move = (now) => {
      const end = this.timeAt(canvas, now);
      this.timeline.range = { id: lane.id, from: Math.min(start, end), to: Math.max(start, end) };
      this.timeline.draw();
    };
    this.following(canvas, move, () => {
      const { range } = this.timeline;
      if (!range || range.to - range.from < 1 / this.fps) this.timeline.range = null;
      this.timeline.draw();
      this.ranged(lane.id);
    });
  }

  drag(lane, number, canvas) {
    const before = lane.hits[number - 1][0];
    const move = (event) => {
      const box = canvas.getBoundingClientRect();
      const time = this.timeline.time(event.clientX - box.left, box.width);
      lane.hits[number - 1][0] = Math.min(Math.max(this.framed(time), 0), this.timeline.duration);
      this.timeline.draw();
    };
    this.following(canvas, move, () => {
      const to = lane.hits[number - 1][0];
      lane.hits[number - 1][0] = before;
      this.timeline.draw();
      if (Math.abs(to - before) > 0.25 / this.fps) this.move(lane, number, to);
    });
  }

  move(lane, number, to) {
    const operation = { kind: "adjust_time", event_id: lane.id, hits: [number], to_s: to };
    this.apply(`hit ${number} of ${lane.label} to ${this.timecode(to)}`, [operation]);
  }

  // The hit of a lane that is nearest to a time, by so many frames.
  nudge(lane, time, frames) {
    if (!lane?.hits.length) return;
    const gaps = lane.hits.map(([at]) => Math.abs(at - time));
    const number = gaps.indexOf(Math.min(...gaps)) + 1;
    const way = frames > 0 ? "later" : "earlier";
    this.apply(`hit ${number} of ${lane.label} ${Math.abs(frames)} frame ${way}`, [
      { kind: "adjust_time", event_id: lane.id, hits: [number], shift_frames: frames },
    ]);
  }

  // A fader of an event: what an editor wishes on top of the plan, in dB.
  fader(id) {
    const lane = this.lane(id);
    const made = document.createElement("input");
    Object.assign(made, { type: "range", min: -24, max: 12, step: 0.5, value: lane.wish_db });
    made.className = "fader";
    made.setAttribute("aria-label", `Level of ${lane.label}, dB`);
    made.title = `${lane.wish_db.toFixed(1)} dB`;
    for (const kind of ["click", "pointerdown", "keydown"]) {
      made.addEventListener(kind, (event) => event.stopPropagation());
    }
    made.addEventListener("input", () => { made.title = `${Number(made.value).toFixed(1)} dB`; });
    made.addEventListener("change", () => {
      const change = Math.round((Number(made.value) - lane.wish_db) * 1000) / 1000;
      if (!change) return;
      const way = change > 0 ? "louder" : "quieter";
      this.apply(`${lane.label} ${Math.abs(change)} dB ${way}`, [
        { kind: "adjust_level", event_id: id, change_db: change },
      ]);
    });
    return made;
  }

  // Lets the dots of the plan view be put elsewhere: side and distance at once.
  placeable(stage) {
    const { canvas } = stage;
    canvas.addEventListener("pointerdown", (event) => {
      const box = canvas.getBoundingClientRect();
      const lane = stage.at(event.clientX - box.left, event.clientY - box.top);
      if (!lane || event.button) return;
      canvas.setPointerCapture(event.pointerId);
      const done = (up) => {
        canvas.removeEventListener("pointerup", done);
        const place = stage.place(up.clientX - box.left, up.clientY - box.top);
        if (!place || Math.hypot(up.clientX - event.clientX, up.clientY - event.clientY) < 4) return;
        const side = `${Math.abs(Math.round(place.azimuth))}° ${place.azimuth >= 0 ? "left" : "right"}`;
        this.apply(`${lane.label} at ${side}, ${place.metres.toFixed(1)} m`, [
          { kind: "adjust_pan", event_id: lane.id, to_deg: place.azimuth },
          { kind: "adjust_distance", event_id: lane.id, to_m: place.metres },
        ]);
      };
      canvas.addEventListener("pointerup", done);
    });
  }
}
