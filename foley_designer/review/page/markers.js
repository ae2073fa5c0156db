// Comments at a timecode: flags on the ruler, a list beside it, and a table to take away.

import { post } from "./api.js";

export class Markers {
  constructor(list, { timeline, timecode, go, tell, names }) {
    Object.assign(this, { list, timeline, timecode, go, tell, names });
    this.all = [];
  }

  set(markers) {
    this.all = markers;
    this.timeline.markers = markers;
    this.timeline.draw();
    this.list.replaceChildren(...markers.map((one) => this.row(one)));
    this.list.parentElement.hidden = !markers.length;
  }

  row(marker) {
    const item = document.createElement("li");
    const go = document.createElement("button");
    go.type = "button";
    go.textContent = this.timecode(marker.time_s);
    go.title = "Go there";
    go.addEventListener("click", () => this.go(marker.time_s));
    const text = document.createElement("span");
    text.textContent = marker.event_id ? `${this.names(marker.event_id)}: ${marker.text}` : marker.text;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.textContent = "✕";
    drop.title = "Remove this comment";
    drop.setAttribute("aria-label", `Remove the comment at ${go.textContent}`);
    const { id, time_s, event_id } = marker;
    drop.addEventListener("click", () => this.keep({ id, time_s, event_id, text: "" }));
    item.append(go, text, drop);
    return item;
  }

  async keep(marker) {
    try {
      const { markers } = await post("api/mark", marker);
      this.set(markers);
    } catch (error) {
      this.tell(error.message, "failed");
    }
  }
}
