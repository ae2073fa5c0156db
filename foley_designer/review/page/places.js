// Where sounds are: over the picture as the lens sees them, and on a stage seen from above.

import { fresh } from "./lanes.js";

const NEAREST = 0.5;
const FARTHEST = 60;
const SPEAKERS = { L: 30, C: 0, R: -30, Ls: 110, Rs: -110 };
const radians = (degrees) => (degrees * Math.PI) / 180;

// A value at a time from a series with one value a frame, or one for all.
function at(series, time, fps) {
  const frame = Math.min(Math.max(Math.round(time * fps), 0), series.length - 1);
  return series[series.length > 1 ? frame : 0];
}

// How strongly a lane sounds now, 0..1: a hit fades in half a second, a span holds.
export function presence(lane, time) {
  let found = 0;
  for (const [hit, strength] of lane.hits) {
    const since = time - hit;
    if (since >= -0.02 && since < 0.5) found = Math.max(found, (0.4 + 0.6 * strength) * (1 - since / 0.5));
  }
  for (const [start, end] of lane.spans) if (time >= start && time < end) found = Math.max(found, 0.5);
  return found;
}

function seen(track, time) {
  if (!track?.length || time < track[0][0] - 0.3 || time > track[track.length - 1][0] + 0.3) return null;
  let best = track[0];
  for (const one of track) if (Math.abs(one[0] - time) < Math.abs(best[0] - time)) best = one;
  return best;
}

export class Overlay {
  constructor(canvas, fps) {
    this.canvas = canvas;
    this.fps = fps;
    this.shown = true;
  }

  // Frame widths from the left edge where an azimuth is seen; beyond 0..1 it is off screen.
  x(azimuth, version) {
    if (Math.abs(azimuth) >= 85) return azimuth > 0 ? -1 : 2;
    const half = Math.tan(radians(version.field_of_view_deg / 2));
    return 0.5 - Math.tan(radians(azimuth)) / (2 * half);
  }

  draw(version, time, chosen, audible) {
    const { pen, width, height } = fresh(this.canvas);
    if (!this.shown) return;
    pen.font = "600 12px system-ui, sans-serif";
    let aside = 0;
    this.names = [];
    for (const lane of version.lanes) {
      if (lane.around || !audible(lane.id)) continue;
      const now = presence(lane, time);
      const mine = lane.id === chosen;
      if (!mine && now <= 0) continue;
      const x = this.x(at(lane.azimuth_deg, time, this.fps), version);
      const box = seen(version.tracks[lane.track], time);
      if (mine) this.way(pen, version, lane, time, width, height);
      const y = box ? box[2] : 0.62;
      if (x < 0 || x > 1 || !lane.on_screen) {
        this.edge(pen, lane, x < 0.5, aside, width, height, now);
        aside += 1;
      } else this.spot(pen, lane, x * width, y * height, now, mine);
    }
  }

  // The way of the chosen lane: dim before and behind, bright within a second and a half of now.
  way(pen, version, lane, time, width, height) {
    const track = version.tracks[lane.track];
    if (!track) return;
    pen.lineJoin = "round";
    for (const [near, alpha] of [[Infinity, 0.35], [1.5, 0.95]]) {
      pen.beginPath();
      let last = -1;
      for (const [when, , y] of track) {
        if (Math.abs(when - time) > near) continue;
        const x = this.x(at(lane.azimuth_deg, when, this.fps), version) * width;
        if (last < 0 || when - last > 0.5) pen.moveTo(x, y * height);
        else pen.lineTo(x, y * height);
        last = when;
      }
      pen.globalAlpha = alpha;
      pen.strokeStyle = lane.colour;
      pen.lineWidth = 2;
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  spot(pen, lane, x, y, now, mine) {
    const reach = 7 + 12 * now;
    pen.beginPath();
    pen.arc(x, y, reach, 0, 2 * Math.PI);
    pen.globalAlpha = 0.25 + 0.35 * now;
    pen.fillStyle = lane.colour;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = mine ? 2.5 : 1.5;
    pen.strokeStyle = mine ? "#ffffff" : lane.colour;
    pen.stroke();
    this.name(pen, lane, x + reach + 5, y + 4);
  }

  edge(pen, lane, left, row, width, height, now) {
    const x = left ? 10 : width - 10;
    const y = height * 0.2 + 22 * row;
    const tip = left ? -6 : 6;
    pen.globalAlpha = 0.5 + 0.5 * now;
    pen.fillStyle = lane.colour;
    pen.beginPath();
    pen.moveTo(x + tip, y);
    pen.lineTo(x - tip, y - 7);
    pen.lineTo(x - tip, y + 7);
    pen.fill();
    const size = pen.measureText(lane.label).width;
    this.name(pen, lane, left ? x + 12 : x - 14 - Math.min(size, 190), y + 4);
    pen.globalAlpha = 1;
  }

  // A name beside its dot, lower where another one stands already.
  name(pen, lane, x, wanted) {
    let y = wanted;
    while (this.names.some(([left, top]) => Math.abs(left - x) < 180 && Math.abs(top - y) < 15)) y += 15;
    this.names.push([x, y]);
    pen.lineWidth = 3;
    pen.strokeStyle = "rgba(0,0,0,0.75)";
    const text = lane.label.length > 28 ? `${lane.label.slice(0, 27)}…` : lane.label;
    pen.strokeText(text, x, y);
    pen.fillStyle = "#ffffff";
    pen.fillText(text, x, y);
  }
}

export class Stage {
  constructor(canvas, fps) {
    this.canvas = canvas;
    this.fps = fps;
    this.dots = [];
    this.scale = null;
  }

  // The lane whose dot is under a point of the canvas; null for none.
  at(x, y) {
    const gaps = this.dots.map((dot) => Math.hypot(dot.x - x, dot.y - y));
    const least = Math.min(...gaps);
    return least <= 12 ? this.dots[gaps.indexOf(least)].lane : null;
  }

  // Azimuth in degrees, positive to the left, and metres of a point; null where nothing is drawn.
  place(x, y) {
    if (!this.scale) return null;
    const { x0, y0, most } = this.scale;
    const share = Math.min(Math.max((Math.hypot(x - x0, y0 - y) - 12) / (most - 12), 0), 1);
    const azimuth = (Math.atan2(y0 - y, x - x0) * 180) / Math.PI - 90;
    const turned = azimuth < -180 ? azimuth + 360 : azimuth;
    return {
      azimuth: Math.round(turned),
      metres: Math.round(NEAREST * (FARTHEST / NEAREST) ** share * 10) / 10,
    };
  }

  draw(version, time, chosen, audible) {
    const { pen, width, height } = fresh(this.canvas);
    this.dots = [];
    this.scale = null;
    const [x0, y0] = [width / 2, height * 0.57];
    const most = Math.min(width / 2 - 14, y0 - 16, height - y0 + 30);
    if (most < 24) return; // hidden, or too small to show anything
    this.scale = { x0, y0, most };
    const radius = (metres) => {
      const share = Math.log(Math.max(metres, NEAREST) / NEAREST) / Math.log(FARTHEST / NEAREST);
      return Math.min(share, 1) * (most - 12) + 12;
    };
    pen.font = "10px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.lineWidth = 1;
    for (const metres of [1, 4, 16, 60]) {
      pen.beginPath();
      pen.arc(x0, y0, radius(metres), 0, 2 * Math.PI);
      pen.strokeStyle = "#2a2e37";
      pen.stroke();
      pen.fillStyle = "#646c7b";
      pen.fillText(`${metres} m`, x0 + radius(metres) * 0.73, y0 + radius(metres) * 0.73 - 2);
    }
    pen.fillStyle = "#8b93a3";
    for (const [name, azimuth] of Object.entries(SPEAKERS)) {
      const angle = radians(azimuth + 90);
      pen.fillText(name, x0 + (most + 7) * Math.cos(angle), y0 - (most + 7) * Math.sin(angle) + 3);
    }
    pen.fillText("▲", x0, y0 + 4);
    for (const lane of version.lanes) {
      if (lane.around || !audible(lane.id)) continue;
      const angle = radians(at(lane.azimuth_deg, time, this.fps) + 90);
      const far = radius(at(lane.distance_m, time, this.fps));
      const now = presence(lane, time);
      const mine = lane.id === chosen;
      this.dots.push({ lane, x: x0 + far * Math.cos(angle), y: y0 - far * Math.sin(angle) });
      pen.beginPath();
      pen.arc(x0 + far * Math.cos(angle), y0 - far * Math.sin(angle), 3.5 + 5 * now, 0, 2 * Math.PI);
      pen.globalAlpha = mine ? 1 : 0.35 + 0.65 * Math.min(now * 1.5, 1);
      pen.fillStyle = lane.colour;
      pen.fill();
      if (mine) {
        pen.strokeStyle = "#ffffff";
        pen.stroke();
      }
      pen.globalAlpha = 1;
    }
    pen.textAlign = "left";
  }
}
