// What hands do: hits that drag and nudge by frame, faders, dots that are put in their place.
// Each becomes an operation, with words for the log, and goes the way that the chat's do.

const NEAR_PX = 7;

export class Gestures {
  // `apply` gets words and operations; `lane` finds a lane by its id.
  constructor({ timeline, fps, apply, lane, timecode }) {
    Object.assign(this, { timeline, fps, apply, lane, timecode });
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
      canvas.style.cursor = this.hitAt(this.lane(id), canvas, event.clientX) ? "ew-resize" : "";
    });
    canvas.addEventListener("pointerdown", (event) => {
      const lane = this.lane(id);
      const number = lane ? this.hitAt(lane, canvas, event.clientX) : 0;
      if (!number || event.button) return;
      event.stopPropagation();
      canvas.setPointerCapture(event.pointerId);
      this.drag(lane, number, canvas);
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
    const done = () => {
      canvas.removeEventListener("pointermove", move);
      canvas.removeEventListener("pointerup", done);
      canvas.removeEventListener("pointercancel", done);
      const to = lane.hits[number - 1][0];
      lane.hits[number - 1][0] = before;
      this.timeline.draw();
      if (Math.abs(to - before) > 0.25 / this.fps) this.move(lane, number, to);
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", done);
    canvas.addEventListener("pointercancel", done);
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
