// The film's scenes as a strip over the lanes: boundaries that drag, lines that go to another scene.

import { post } from "./api.js";

export class Scenes {
  // `design` has corrected scenes played; `ondraw` of the timeline keeps the strip under the ruler.
  constructor(element, { timeline, timecode, fps, tell, design }) {
    Object.assign(this, { element, timeline, timecode, fps, tell, design });
    this.strip = element.querySelector(".strip");
    this.again = element.querySelector("button");
    this.left = element.querySelector(".head small");
    this.lines = document.querySelector("#lines");
    this.again.addEventListener("click", () => this.design());
    this.map = null;
    this.open = null;
  }

  set(map) {
    this.map = map;
    this.element.hidden = !map;
    this.lines.hidden = !map || !this.open;
    if (!map) return;
    this.again.hidden = !map.waiting;
    this.left.textContent = map.in_numbers;
    this.left.title = [map.in_numbers, ...map.unplaced].join("\n");
    this.left.hidden = !map.in_numbers;
    this.blocks = map.scenes.map((scene) => this.block(scene));
    this.edges = map.scenes.slice(1).map((scene, index) => this.edge(scene, map.scenes[index]));
    this.strip.replaceChildren(...this.blocks, ...this.edges);
    this.layout();
    if (this.open) this.list(map.scenes.find((one) => one.id === this.open));
  }

  block(scene) {
    const made = document.createElement("button");
    made.type = "button";
    const told = scene.lines.length ? `${Math.round(scene.confidence * 100)} %` : "no words";
    made.className = scene.place === 0 ? "black" : scene.lines.length && scene.confidence < 0.6 ? "doubtful" : "";
    made.textContent = `${scene.title} · ${scene.place === 0 ? "silent" : told}`;
    made.title = `${scene.title}, ${this.timecode(scene.start_s)} to ${this.timecode(scene.end_s)}, settled by ${scene.settled_by}`;
    made.addEventListener("click", () => {
      this.open = this.open === scene.id ? null : scene.id;
      this.list(this.open ? scene : null);
    });
    return made;
  }

  edge(scene, before) {
    const made = document.createElement("div");
    made.className = "edge";
    made.tabIndex = 0;
    made.setAttribute("role", "slider");
    const say = (time) => {
      made.setAttribute("aria-valuenow", time.toFixed(2));
      made.setAttribute("aria-valuetext", this.timecode(time));
    };
    made.setAttribute("aria-label", `Where ${scene.title} begins`);
    made.setAttribute("aria-valuemin", before.start_s.toFixed(2));
    made.setAttribute("aria-valuemax", scene.end_s.toFixed(2));
    say(scene.start_s);
    const [low, high] = [before.start_s + 1 / this.fps, scene.end_s - 1 / this.fps];
    const held = (time) => Math.min(Math.max(Math.round(time * this.fps) / this.fps, low), high);
    made.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      this.change({ kind: "boundary", scene: scene.id, start_s: held(scene.start_s + way / this.fps) });
    });
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      made.setPointerCapture(event.pointerId);
      const box = this.strip.getBoundingClientRect();
      let time = scene.start_s;
      const move = (now) => {
        time = held(this.timeline.time(now.clientX - box.left, box.width));
        made.style.left = `${this.timeline.x(time, box.width)}px`;
        say(time);
      };
      const done = () => {
        made.removeEventListener("pointermove", move);
        made.removeEventListener("pointerup", done);
        made.removeEventListener("pointercancel", done);
        if (Math.abs(time - scene.start_s) > 0.25 / this.fps) {
          this.change({ kind: "boundary", scene: scene.id, start_s: time });
        }
      };
      made.addEventListener("pointermove", move);
      made.addEventListener("pointerup", done);
      made.addEventListener("pointercancel", done);
    });
    return made;
  }

  // The lines of a scene, each with the scene that it tells.
  list(scene) {
    this.lines.hidden = !scene;
    if (!scene) return;
    const head = document.createElement("h3");
    head.textContent = scene.title;
    const rows = scene.lines.map(([line, text]) => {
      const row = document.createElement("label");
      const said = document.createElement("span");
      said.textContent = text;
      const select = document.createElement("select");
      for (const one of this.map.scenes) {
        select.append(new Option(`${one.id} ${one.title}`.slice(0, 40), one.id, false, one.id === scene.id));
      }
      select.append(new Option("no scene", ""));
      select.addEventListener("change", () => this.change({ kind: "text", line, text, to: select.value }));
      row.append(said, select);
      return row;
    });
    const none = document.createElement("p");
    none.className = "dim";
    none.textContent = "No words tell this scene.";
    this.lines.replaceChildren(head, ...(rows.length ? rows : [none]));
  }

  async change(edit) {
    try {
      const { scenes } = await post("api/scenes", { edits: [edit] });
      this.set(scenes);
    } catch (error) {
      this.tell(error.message, "failed");
      this.set(this.map);
    }
  }

  layout() {
    if (!this.map) return;
    const width = this.strip.clientWidth;
    this.map.scenes.forEach((scene, index) => {
      const left = Math.max(this.timeline.x(scene.start_s, width), 0);
      const right = Math.min(this.timeline.x(scene.end_s, width), width);
      const { style } = this.blocks[index];
      this.blocks[index].hidden = right <= left;
      style.left = `${left}px`;
      style.width = `${Math.max(right - left, 0)}px`;
    });
    this.edges.forEach((edge, index) => {
      const x = this.timeline.x(this.map.scenes[index + 1].start_s, width);
      edge.hidden = x < 0 || x > width;
      edge.style.left = `${x}px`;
    });
  }
}
