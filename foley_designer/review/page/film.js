// A film: its scenes at the left, an overview of them, and the way to the next doubtful moment.

import { get } from "./api.js";

const $ = (selector) => document.querySelector(selector);
const TOP = "../../";

export class Film {
  // `own` is the scene's id; `go` seeks in it; `now` tells the playhead; `tell` says something.
  constructor(own, { go, now, tell }) {
    this.own = own;
    this.go = go;
    this.now = now;
    this.tell = tell;
    this.scenes = [];
  }

  async show() {
    const film = await get(`${TOP}api/film`);
    this.scenes = film.scenes;
    $("#film-title").textContent = film.title;
    $("#film-overview").replaceChildren(...film.scenes.map((one) => this.block(one)));
    $("#film-scenes").replaceChildren(...film.scenes.map((one) => this.line(one)));
    $("#film-doubt").addEventListener("click", () => this.doubt());
    $("#film").hidden = false;
    document.body.classList.add("of-film");
    $("#film-scenes [aria-current]")?.scrollIntoView({ block: "nearest" });
    const [, at] = location.hash.match(/^#t=([0-9.]+)$/) ?? [];
    if (at) this.go(Number(at));
  }

  block(one) {
    const made = document.createElement(one.designed ? "a" : "span");
    if (one.designed) made.href = `${TOP}s/${one.id}/`;
    made.style.left = `${100 * one.left}%`;
    made.style.width = `${100 * one.width}%`;
    made.title = `${one.tc} ${one.title}`;
    made.setAttribute("aria-label", made.title);
    made.classList.toggle("here", one.id === this.own);
    made.classList.toggle("doubtful", one.unsure || one.doubtful.length > 0);
    return made;
  }

  line(one) {
    const item = document.createElement("li");
    const made = document.createElement(one.designed ? "a" : "span");
    if (one.designed) made.href = `${TOP}s/${one.id}/`;
    if (one.id === this.own) made.setAttribute("aria-current", "page");
    const told = [
      one.designed ? "" : "not designed",
      one.unsure ? "words unsure" : "",
      one.doubtful.length ? `${one.doubtful.length} doubtful` : "",
    ];
    for (const [tag, text] of [["small", one.tc], ["b", one.title], ["small", told.filter(Boolean).join(", ")]]) {
      const part = document.createElement(tag);
      part.textContent = text;
      made.append(part);
    }
    item.append(made);
    return item;
  }

  // In this scene after the playhead, else in the next scene that has one, round to this one.
  doubt() {
    const here = this.scenes.findIndex((one) => one.id === this.own);
    const after = this.scenes[here]?.doubtful.find((time) => time > this.now() + 0.01);
    if (after !== undefined) return this.go(after);
    const order = [...this.scenes.slice(here + 1), ...this.scenes.slice(0, here + 1)];
    const next = order.find((one) => one.doubtful.length > 0);
    if (!next) return this.tell("No moment of this film is doubtful.");
    if (next.id === this.own) return this.go(next.doubtful[0]);
    location.href = `${TOP}s/${next.id}/#t=${next.doubtful[0]}`;
    return undefined;
  }
}
