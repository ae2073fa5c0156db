// The page: what is shown, what is heard, and what keys and buttons do.

import { get, post } from "./api.js";
import { Chat } from "./chat.js";
import { Film } from "./film.js";
import { Gestures } from "./gestures.js";
import { Timeline, VIEWS } from "./lanes.js";
import { Markers } from "./markers.js";
import { Meters } from "./meters.js";
import { Panel } from "./panel.js";
import { Overlay, Stage } from "./places.js";
import { Player } from "./player.js";
import { Scenes } from "./scenes.js";

const $ = (selector) => document.querySelector(selector);
const MIX = "mix";
const state = { side: "a", a: null, b: null, chosen: null, solo: new Set(), mute: new Set() };
const versions = new Map();
const drawings = new Map();
let session;
let player;
let timeline;
let overlay;
let stage;
let meters;
let chat;
let gestures;
let panel;
let markers;
let scenes;
let film;
const folded = new Set();
const pieces = new Map();

const version = (side = state.side) => versions.get(side === "b" && state.b ? state.b : state.a);
const fps = () => session.rate[0] / session.rate[1];
const fixed = (value, unit, digits = 1) =>
  value === null || value === undefined ? "–" : `${value.toFixed(digits).replace("-", "−")} ${unit}`;
const laneOf = (id) => version()?.lanes.find((lane) => lane.id === id);

// SMPTE timecode of a time, with drop frame where the rate has it (SMPTE ST 12-1).
function timecode(time) {
  const nominal = Math.round(fps());
  const drops = session.rate[1] === 1001 && nominal % 30 === 0;
  const start = session.start_timecode;
  let frame = Math.round(time * fps()) + (start ? counted(start, nominal, drops) : 0);
  if (drops) {
    const lost = nominal / 15;
    const ten = nominal * 600 - lost * 9;
    const rest = frame % ten;
    frame += lost * 9 * Math.floor(frame / ten);
    if (rest >= lost) frame += lost * Math.floor((rest - lost) / (nominal * 60 - lost));
  }
  const two = (value) => String(Math.floor(value)).padStart(2, "0");
  const seconds = Math.floor(frame / nominal);
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(two).join(":");
  return `${parts}${drops ? ";" : ":"}${two(frame % nominal)}`;
}

function counted(text, nominal, drops) {
  const [h, m, s, f] = text.split(/[:;.]/).map(Number);
  const minutes = 60 * h + m;
  const lost = drops ? (nominal / 15) * (minutes - Math.floor(minutes / 10)) : 0;
  return (minutes * 60 + s) * nominal + f - lost;
}

const exclusive = () => state.solo.size > 0 || state.mute.size > 0;
const audible = (id) => (state.solo.size ? state.solo.has(id) : !state.mute.has(id));

// What the mixer shall sound: the delivered master, or single stems at their faders.
function mix() {
  const wanted = new Map();
  for (const side of state.b ? ["a", "b"] : ["a"]) {
    const { id, lanes, mix: master } = version(side);
    const level = side === state.side ? 1 : 0;
    if (!exclusive()) wanted.set(`${id}/${MIX}`, { level, master: true });
    else {
      for (const lane of lanes.filter((one) => audible(one.id))) {
        const gain = 10 ** ((lane.gain_db + master.master_gain_db) / 20);
        wanted.set(`${id}/${lane.id}`, { level: level * gain, master: false });
      }
    }
  }
  player.mix(wanted);
  const what = exclusive() ? "stems at their faders, before the limiter" : "the delivered master";
  $("#heard").textContent = `${state.b ? `${state.side.toUpperCase()}: ` : ""}${what}`;
}

async function load(id) {
  versions.set(id, await get(`api/version/${id}`));
  return versions.get(id);
}

// Outline and spectrogram of a sound, fetched once for equal bytes.
function drawn(revision, lane, name) {
  if (!drawings.has(name)) {
    const data = { outline: null, picture: null };
    drawings.set(name, data);
    fetch(`outline/${revision}/${lane}`)
      .then((response) => response.arrayBuffer())
      .then((bytes) => { data.outline = new Int8Array(bytes); timeline.draw(); });
    const picture = new Image();
    picture.addEventListener("load", () => { data.picture = picture; timeline.draw(); });
    picture.src = `spectrum/${revision}/${lane}`;
  }
  return drawings.get(name);
}

// One channel of a piece of a lane's sound, for close views; null until it is here.
function samplesOf(lane, number) {
  const key = `${version().id}/${lane}/${number}`;
  if (!pieces.has(key)) {
    pieces.set(key, null);
    if (pieces.size > 48) pieces.delete(pieces.keys().next().value);
    fetch(`sound/${key}`)
      .then((response) => response.arrayBuffer())
      .then((bytes) => {
        const both = new Float32Array(bytes);
        pieces.set(key, both.subarray(0, both.length / 2));
        timeline.draw();
      })
      .catch(() => pieces.delete(key));
  }
  return pieces.get(key);
}

function button(text, title, className, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.title = title;
  made.className = className;
  made.addEventListener("click", (event) => { event.stopPropagation(); action(); });
  return made;
}

function row(id, label, detail, colour) {
  const lane = document.createElement("div");
  lane.className = "lane";
  lane.dataset.lane = id;
  const head = document.createElement("div");
  head.className = "head";
  const swatch = document.createElement("i");
  swatch.style.background = colour;
  const name = document.createElement("b");
  name.textContent = label;
  name.title = label;
  const told = document.createElement("small");
  told.textContent = detail;
  const canvas = document.createElement("canvas");
  head.append(swatch, name, told);
  lane.append(head, canvas);
  return { lane, head, canvas };
}

function build() {
  const shown = version();
  const lanes = [];
  const rows = [];
  const m = shown.mix;
  const master = row(MIX, "Mix", `${fixed(m.integrated_lufs, "LUFS")}, ${fixed(m.true_peak_dbtp, "dBTP")}`, "#cfd5df");
  master.lane.classList.add("master");
  rows.push(master.lane);
  lanes.push({ key: MIX, canvas: master.canvas, colour: "#e8ebf0", data: drawn(shown.id, MIX, `mix-${shown.id}`) });
  for (const layer of ["foreground", "background"]) {
    for (const lane of shown.lanes.filter((one) => one.layer === layer)) {
      const made = row(lane.id, lane.label, `${fixed(lane.loudness_lufs, "LUFS")}, fader ${fixed(lane.gain_db, "")}`, lane.colour);
      made.lane.classList.add(layer);
      made.lane.classList.toggle("folded", folded.has(lane.id));
      made.lane.title = lane.reasons.filter(Boolean).join("\n");
      made.head.append(
        button("M", "Mute (M)", "mute", () => flip(state.mute, lane.id)),
        button("S", "Solo (S)", "solo", () => flip(state.solo, lane.id)),
        button("✓", "Approve (A)", "approve", () => judge(lane.id, "approved")),
        button("✗", "Reject (R)", "reject", () => judge(lane.id, "rejected")),
      );
      if (state.side === "a") {
        made.head.append(gestures.fader(lane.id));
        gestures.draggable(lane.id, made.canvas);
      }
      made.head.addEventListener("dblclick", () => fold([lane.id]));
      made.head.addEventListener("click", () => choose(state.chosen === lane.id ? null : lane.id));
      made.canvas.addEventListener("pointerdown", () => state.chosen !== lane.id && choose(lane.id));
      rows.push(made.lane);
      lanes.push({ ...lane, key: lane.id, canvas: made.canvas, data: drawn(shown.id, lane.id, lane.stem) });
    }
  }
  const loudness = row("loudness", "Loudness", `short-term, target ${m.target.replaceAll("_", " ")}`, "#7cc4ff");
  rows.push(loudness.lane);
  lanes.push({ key: "loudness", kind: "loudness", canvas: loudness.canvas, data: { mix: m } });
  $("#lanes").replaceChildren(...rows);
  timeline.shots = shown.shots;
  timeline.set(lanes);
  mark();
  numbers();
  panel.show(laneOf(state.chosen), state.side === "a");
}

// Lanes that fold keep their name and their hits.
function fold(ids) {
  const open = ids.some((id) => !folded.has(id));
  for (const id of ids) {
    if (open) folded.add(id);
    else folded.delete(id);
    $(`.lane[data-lane="${CSS.escape(id)}"]`)?.classList.toggle("folded", open);
  }
  timeline.draw();
}

// Shows what is chosen, soloed, muted and said of each lane.
function mark() {
  for (const element of document.querySelectorAll(".lane")) {
    const id = element.dataset.lane;
    const lane = laneOf(id);
    element.classList.toggle("chosen", id === state.chosen);
    if (!lane) continue;
    element.classList.toggle("silent", !audible(id));
    const pressed = {
      mute: state.mute.has(id),
      solo: state.solo.has(id),
      approve: lane.verdict === "approved",
      reject: lane.verdict === "rejected",
    };
    for (const [name, on] of Object.entries(pressed)) element.querySelector(`.${name}`).setAttribute("aria-pressed", on);
  }
  for (const side of ["a", "b"]) $(`#side-${side}`).setAttribute("aria-pressed", state.side === side);
}

function numbers() {
  const { mix: m, space } = version();
  const cells = [
    ["Integrated", fixed(m.integrated_lufs, "LUFS"), m.target_lufs === null ? "no target" : `target ${fixed(m.target_lufs, "")}`],
    ["True peak", fixed(m.true_peak_dbtp, "dBTP"), `at most ${fixed(m.highest_dbtp, "")}`],
    ["Range", fixed(m.range_lu, "LU"), `short-term max ${fixed(m.short_term_max_lufs, "")}`],
    ["Space", space.replaceAll("_", " "), `${version().lanes.length} stems`],
  ];
  $("#numbers").replaceChildren(
    ...cells.map(([name, value, more]) => {
      const cell = document.createElement("div");
      for (const [tag, text] of [["span", name], ["b", value], ["small", more]]) {
        const part = document.createElement(tag);
        part.textContent = text;
        cell.append(part);
      }
      return cell;
    }),
  );
}

function flip(set, id) {
  if (!set.delete(id)) set.add(id);
  mark();
  mix();
}

function choose(id) {
  state.chosen = id;
  if (timeline.range?.id !== id) timeline.range = null;
  mark();
  const lane = laneOf(id);
  panel.show(lane, state.side === "a");
  chat.suggest(
    lane ? ["make it quieter", "make it louder", "move it left", "move it right", "another take of it", "remove it"] : [],
  );
  $(`.lane[data-lane="${CSS.escape(id ?? "")}"]`)?.scrollIntoView({ block: "nearest" });
}

async function judge(id, verdict) {
  if (state.side === "b") return chat.tell("Verdicts are about A, the current revision.", "failed");
  const lane = laneOf(id);
  const said = lane.verdict === verdict ? null : verdict;
  try {
    await post("api/judge", { event_id: id, verdict: said });
    lane.verdict = said;
    mark();
    if (said === "rejected") {
      choose(id);
      chat.tell(`Rejected: ${lane.label}. What shall be different?`);
      $("#words").focus();
    }
  } catch (error) {
    chat.tell(error.message, "failed");
  }
  return undefined;
}

function listenTo(side) {
  if (side === "b" && !state.b) return;
  state.side = side;
  if (!laneOf(state.chosen)) state.chosen = null;
  build();
  mix();
}

function fill(select, chosen, empty) {
  const options = [...session.revisions].reverse().map((one) => {
    const name = one.names.length ? ` “${one.names.join("”, “")}”` : "";
    const text = `${one.id === session.revision ? "● " : ""}${one.request.slice(0, 42)}${name}`;
    return new Option(text, one.id, false, one.id === chosen);
  });
  select.replaceChildren(...(empty ? [new Option("compare with …", "", false, !chosen)] : []), ...options);
}

async function compare(id) {
  state.b = id && id !== state.a ? id : null;
  if (state.b) await load(state.b);
  else state.side = "a";
  $("#side-b").disabled = !state.b;
  fill($("#revision-b"), state.b, true);
  listenTo(state.side);
}

// Takes up the session's current revision; what was current before becomes B.
async function arrive() {
  const before = state.a;
  session = await get("api/session");
  markers.set(session.markers);
  scenes.set(session.scenes);
  const old = versions.get(before);
  await load(session.revision);
  state.a = session.revision;
  state.side = "a";
  for (const set of [state.solo, state.mute]) for (const id of set) if (!laneOf(id)) set.delete(id);
  fill($("#revision-a"), state.a, false);
  await compare(before && before !== state.a ? before : state.b);
  const stems = new Map(old?.lanes.map((lane) => [lane.id, `${lane.stem} ${lane.gain_db}`]));
  for (const lane of version().lanes) {
    const changed = old && stems.get(lane.id) !== `${lane.stem} ${lane.gain_db}`;
    if (changed) $(`.lane[data-lane="${CSS.escape(lane.id)}"]`).classList.add("changed");
  }
}

// Someone else may work on the session: the command line, or an assistant.
async function watch() {
  if (!chat.busy && document.visibilityState === "visible") {
    const now = await get("api/session").catch(() => null);
    if (now && now.revision !== session.revision && !chat.busy) {
      chat.tell("The session was changed elsewhere.");
      await arrive();
    }
  }
  setTimeout(watch, 4000);
}

function nextHit(direction) {
  const lanes = state.chosen ? [laneOf(state.chosen)] : version().lanes.filter((lane) => audible(lane.id));
  const times = lanes.flatMap((lane) => lane.hits.map(([time]) => time)).sort((x, y) => direction * (x - y));
  const here = player.position;
  const found = times.find((time) => direction * (time - here) > 0.5 / fps());
  if (found !== undefined) player.go(found);
}

// The hit that is nearest to the playhead, close enough to see its shape; again for all of it.
function closeUp() {
  const lanes = state.chosen ? [laneOf(state.chosen)] : version().lanes;
  const times = lanes.flatMap((lane) => lane.hits.map(([time]) => time));
  if (timeline.to - timeline.from < 1 || !times.length) return timeline.look(0, session.duration_s);
  const here = player.position;
  const near = times.reduce((best, time) => (Math.abs(time - here) < Math.abs(best - here) ? time : best));
  player.go(near);
  return timeline.look(near - 0.1, Math.min(0.5, session.duration_s));
}

// The hit that is nearest to the playhead, alone: its sound and a moment around it.
function hearHit() {
  const lane = laneOf(state.chosen);
  if (!lane?.hits.length) return;
  const here = player.position;
  const times = lane.hits.map(([time]) => time);
  const near = times.reduce((best, time) => (Math.abs(time - here) < Math.abs(best - here) ? time : best));
  state.solo.clear();
  state.solo.add(lane.id);
  mark();
  mix();
  setLoop([Math.max(near - 0.1, 0), Math.min(near + 0.9, session.duration_s)]);
  player.go(timeline.loop[0]);
  player.play(1);
}

// A take that is not in the mix yet, through the same meters.
async function audition(lane, take, pressed) {
  pressed.disabled = true;
  try {
    player.start();
    player.context.resume();
    const response = await fetch(`audition/${encodeURIComponent(lane.id)}/${take}`);
    if (!response.ok) throw new Error((await response.json()).error);
    player.hear(new Float32Array(await response.arrayBuffer()), lane.from_s);
  } catch (error) {
    chat.tell(error.message, "failed");
  } finally {
    pressed.disabled = false;
  }
}

function comment() {
  const field = $("#comment");
  const text = field.value.trim();
  if (!text) return field.focus();
  field.value = "";
  const time_s = Math.round(player.position * fps()) / fps();
  return markers.keep({ time_s, text, event_id: state.chosen });
}

function chooseNext(direction) {
  const ids = [...document.querySelectorAll(".lane")].map((one) => one.dataset.lane).filter(laneOf);
  const index = ids.indexOf(state.chosen);
  choose(ids[Math.min(Math.max(index + direction, 0), ids.length - 1)]);
}

function setLoop(loop) {
  player.loop = loop;
  timeline.loop = loop;
}

function nextView() {
  timeline.view = VIEWS[(VIEWS.indexOf(timeline.view) + 1) % VIEWS.length];
  $("#view").textContent = timeline.view;
  timeline.draw();
}

function flipWays() {
  overlay.shown = !overlay.shown;
  $("#ways").setAttribute("aria-pressed", overlay.shown);
}

function clear() {
  state.solo.clear();
  state.mute.clear();
  mark();
  mix();
}

const chosen = (action) => () => state.chosen && action(state.chosen);
const KEYS = {
  " ": () => player.toggle(),
  j: () => player.shuttle(-1),
  k: () => player.stop(),
  l: () => player.shuttle(1),
  ArrowLeft: (event) => player.step(event.shiftKey ? -10 : -1),
  ArrowRight: (event) => player.step(event.shiftKey ? 10 : 1),
  ArrowUp: () => chooseNext(-1),
  ArrowDown: () => chooseNext(1),
  Home: () => player.go(0),
  End: () => player.go(session.duration_s),
  ",": () => nextHit(-1),
  ".": () => nextHit(1),
  s: chosen((id) => flip(state.solo, id)),
  m: chosen((id) => flip(state.mute, id)),
  a: chosen((id) => judge(id, "approved")),
  r: chosen((id) => judge(id, "rejected")),
  x: clear,
  f: () => fold(state.chosen ? [state.chosen] : version().lanes.map((lane) => lane.id)),
  z: closeUp,
  h: hearHit,
  c: () => $("#comment").focus(),
  d: () => film?.doubt(),
  b: () => listenTo(state.side === "a" ? "b" : "a"),
  v: nextView,
  t: flipWays,
  "+": () => timeline.zoom(1.5, player.position),
  "=": () => timeline.zoom(1.5, player.position),
  "-": () => timeline.zoom(1 / 1.5, player.position),
  0: () => timeline.look(0, session.duration_s),
  Enter: () => $("#words").focus(),
  Escape: () => (player.loop ? setLoop(null) : choose(null)),
  "?": () => $("#keys").showModal(),
};

function onKey(event) {
  if (event.target.matches("textarea, select, input") || $("#keys").open) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
    event.preventDefault();
    chat.carry({ command: event.shiftKey ? "redo" : "undo" });
    return;
  }
  const nudge = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (event.altKey && nudge && state.chosen && state.side === "a") {
    event.preventDefault();
    gestures.nudge(laneOf(state.chosen), player.position, nudge);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  if (document.activeElement?.tagName === "BUTTON") document.activeElement.blur();
  action(event);
}

function connect() {
  const clicks = {
    play: () => player.toggle(),
    back: () => player.shuttle(-1),
    forward: () => player.shuttle(1),
    clear,
    ways: flipWays,
    view: nextView,
    in: KEYS["+"],
    out: KEYS["-"],
    fit: KEYS[0],
    help: KEYS["?"],
    undo: () => chat.carry({ command: "undo" }),
    redo: () => chat.carry({ command: "redo" }),
    "side-a": () => listenTo("a"),
    "side-b": () => listenTo("b"),
  };
  for (const [id, action] of Object.entries(clicks)) $(`#${id}`).addEventListener("click", action);
  $("#mark").addEventListener("submit", (event) => { event.preventDefault(); comment(); });
  $("#comment").addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.target.blur();
    event.stopPropagation();
  });
  $("#revision-b").addEventListener("change", (event) => compare(event.target.value));
  $("#revision-a").addEventListener("change", (event) => {
    if (event.target.value !== state.a) chat.carry({ command: "restore", revision: event.target.value });
  });
  document.addEventListener("keydown", onKey);
  $("#video").addEventListener("click", () => player.toggle());
  timeline.onseek = (time) => player.go(time);
  timeline.onloop = setLoop;
  player.onchange = () => {
    $("#play").textContent = player.speed ? "■" : "▶";
    $("#shuttle").textContent = player.speed && player.speed !== 1 ? `${player.speed}×` : "";
    if (player.context && !meters.peaks) meters.listen(player.context, player.sum);
  };
}

// One frame of the page. Whatever goes wrong in a drawing, the next frame comes; it is told once.
function tick(now) {
  requestAnimationFrame(tick);
  for (const part of [where, () => overlay.draw(version(), player.heard, state.chosen, audible),
    () => stage.draw(version(), player.heard, state.chosen, audible), () => meters.draw(now)]) {
    try {
      part();
    } catch (error) {
      trouble(error);
    }
  }
}

function trouble(error) {
  if (document.body.dataset.troubled) return;
  document.body.dataset.troubled = error.message;
  console.error(error);
  chat.tell(`A part of the page can't be drawn: ${error.message}`, "failed");
}

function where() {
  player.follow();
  const time = player.heard;
  if (player.speed) timeline.follow(time);
  $("#timecode").textContent = timecode(time);
  const width = $("#ruler").clientWidth;
  const left = $("#ruler").offsetLeft;
  const head = $("#playhead");
  const x = timeline.x(time, width);
  head.hidden = x < 0 || x > width;
  head.style.transform = `translateX(${left + x}px)`;
  const loop = $("#loop");
  loop.hidden = !timeline.loop;
  if (timeline.loop) {
    const [from, to] = timeline.loop.map((one) => Math.min(Math.max(timeline.x(one, width), 0), width));
    loop.style.left = `${left + from}px`;
    loop.style.width = `${to - from}px`;
  }
}

async function begin() {
  session = await get("api/session");
  document.title = `${session.name} – Foley review`;
  $("#title").textContent = session.name;
  $("#clip").textContent = `${session.clip} · ${fps().toFixed(3).replace(/\.?0+$/, "")} fps`;
  $("#picture").style.aspectRatio = session.aspect;
  $("#picture").style.setProperty("--aspect", session.aspect);
  $("#video").src = "picture";
  player = new Player($("#video"), session.duration_s, fps());
  timeline = new Timeline($("#timeline"), session.duration_s, fps(), timecode);
  overlay = new Overlay($("#overlay"), fps());
  stage = new Stage($("#stage"), fps());
  meters = new Meters($("#meters"));
  chat = new Chat({ focus: () => state.chosen, done: arrive, names: (id) => laneOf(id)?.label ?? id });
  timeline.samples = samplesOf;
  timeline.ontrouble = trouble;
  markers = new Markers($("#marks"), {
    timeline,
    timecode,
    go: (time) => player.go(time),
    tell: (...said) => chat.tell(...said),
    names: (id) => laneOf(id)?.label ?? id,
  });
  scenes = new Scenes($("#scenes"), {
    timeline,
    timecode,
    fps: fps(),
    tell: (...said) => chat.tell(...said),
    design: () => chat.carry({ command: "design" }),
  });
  timeline.ondraw = () => scenes.layout();
  panel = new Panel($("#panel"), {
    timeline,
    timecode,
    audition,
    apply: (request, operations) => chat.carry({ request, operations, base: state.a }),
  });
  gestures = new Gestures({
    ranged: (id) => choose(id),
    timeline,
    fps: fps(),
    timecode,
    lane: laneOf,
    apply: (request, operations) => chat.carry({ request, operations, base: state.a }),
  });
  gestures.placeable(stage);
  connect();
  await arrive();
  player.show(0);
  if (session.of_film) {
    film = new Film(session.of_film, {
      go: (time) => player.go(time),
      now: () => player.position,
      tell: (...said) => chat.tell(...said),
    });
    await film.show();
  }
  chat.tell("Say what shall change. Choose a lane, and “it” means that one. Nothing is done before you apply it.");
  document.body.dataset.ready = "yes";
  window.review = { player, timeline, state, version, chat }; // for whoever opens the console
  requestAnimationFrame(tick);
  watch();
}

begin().catch((error) => {
  document.body.dataset.failed = error.message;
  const told = document.createElement("p");
  told.className = "broken";
  told.textContent = `The page can't be shown: ${error.message}`;
  document.body.prepend(told);
});
