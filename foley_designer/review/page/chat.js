// The chat: words become a proposal, the proposal is shown, and only "Apply" has it done.

import { post, work } from "./api.js";

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const number = (value, unit) => (value === null || value === undefined ? "–" : `${value.toFixed(1)} ${unit}`);

export class Chat {
  // `focus` tells what "it" means; `done` hears that the session is at another revision.
  constructor({ focus, done, names }) {
    this.focus = focus;
    this.done = done;
    this.names = names;
    this.talk = document.querySelector("#talk");
    this.words = document.querySelector("#words");
    this.chips = document.querySelector("#chips");
    this.last = [];
    this.busy = false;
    document.querySelector("#say").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.words.value);
    });
    this.words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        if (!this.words.value.trim() && this.open) this.apply(this.open);
        else this.say(this.words.value);
      } else if (event.key === "Escape") this.words.blur();
      event.stopPropagation();
    });
  }

  suggest(texts) {
    this.chips.replaceChildren(
      ...texts.map((text) => {
        const chip = element("button", "chip", text);
        chip.type = "button";
        chip.addEventListener("click", () => this.say(text));
        return chip;
      }),
    );
  }

  add(className, ...parts) {
    const card = element("div", `card ${className}`);
    card.append(...parts);
    this.talk.append(card);
    card.scrollIntoView({ block: "end" });
    return card;
  }

  tell(text, className = "told") {
    return this.add(className, element("p", "", text));
  }

  async say(text, choice = null) {
    const request = text.trim();
    if (!request || this.busy) return;
    this.busy = true;
    this.close();
    if (choice === null) this.tell(request, "mine");
    this.words.value = "";
    const waiting = this.tell("…", "told");
    try {
      const focus = this.focus() ? [this.focus()] : this.last;
      const found = await post("api/ask", { request, focus, choice });
      waiting.remove();
      this.show(request, found);
    } catch (error) {
      waiting.remove();
      this.tell(error.message, "failed");
    } finally {
      this.busy = false;
    }
  }

  show(request, found) {
    if (found.options.length && !found.diff) return this.offer(request, found);
    const list = element("ul");
    const lines = found.diff?.lines ?? [];
    for (const line of lines) list.append(element("li", "", line));
    if (found.command && found.command !== "name") list.append(element("li", "", `${found.command} a revision`));
    if (found.preference) list.append(element("li", "", `remember: ${found.preference}`));
    const parts = [list];
    const rendered = found.diff?.rendered ?? [];
    if (found.diff) {
      const what = rendered.length ? `Performed anew: ${rendered.map(this.names).join(", ")}.` : "Nothing is performed anew.";
      parts.push(...(found.diff.notes ?? []).map((note) => element("p", "dim", note)));
      parts.push(element("p", "dim", what));
    }
    const yes = element("button", "yes", "Apply");
    const no = element("button", "", "Discard");
    const row = element("div", "row");
    row.append(yes, no);
    const card = this.add("proposal", ...parts, row);
    this.open = { card, row, request, found };
    yes.addEventListener("click", () => this.apply(this.open));
    no.addEventListener("click", () => this.close());
    return undefined;
  }

  offer(request, found) {
    const row = element("div", "options");
    const card = this.add("asks", element("p", "", found.question), row);
    found.options.forEach((text, index) => {
      const option = element("button", "", text);
      option.addEventListener("click", () => {
        card.classList.add("closed");
        this.tell(text, "mine");
        this.say(request, index + 1);
      });
      row.append(option);
    });
  }

  close() {
    if (!this.open) return;
    this.open.row.remove();
    this.open.card.classList.add("closed");
    this.open = null;
  }

  async apply(proposal) {
    if (!proposal || this.busy) return;
    this.close();
    const { request, found } = proposal;
    const body = { request, base: found.base };
    if (found.operations.length) body.operations = found.operations;
    this.last = [...new Set(found.operations.map((one) => one.event_id).filter(Boolean))];
    await this.carry(body);
  }

  // Does something to the session and tells how it ended.
  async carry(body) {
    if (this.busy) {
      this.tell("The last change is still being made.", "failed");
      return;
    }
    this.busy = true;
    const waiting = this.tell("Working …");
    try {
      const made = await work(body, (step) => {
        waiting.firstChild.textContent = step ? `${step} …` : "Working …";
      });
      waiting.remove();
      await this.done(made.revision);
      this.result(body, made);
    } catch (error) {
      waiting.remove();
      this.tell(error.message, "failed");
    } finally {
      this.busy = false;
    }
  }

  result(body, made) {
    if (made.preference) return this.tell(`Remembered: ${made.preference}.`);
    const parts = [];
    if (body.command) parts.push(element("p", "", `${body.command}: at revision ${made.revision.slice(0, 8)}.`));
    const table = element("table");
    for (const stem of made.stems) {
      const row = element("tr");
      const before = number(stem.before?.loudness_lufs, "LUFS");
      const after = number(stem.after?.loudness_lufs, "LUFS");
      row.append(element("td", "", this.names(stem.event_id)), element("td", "", `${before} → ${after}`));
      table.append(row);
    }
    if (made.mix_lufs.length) {
      const row = element("tr");
      const [before, after] = made.mix_lufs;
      row.append(element("td", "", "mix"), element("td", "", `${number(before, "LUFS")} → ${number(after, "LUFS")}`));
      table.append(row);
    }
    parts.push(table);
    if (!body.command) parts.push(element("p", "dim", "B is how it was: press B to compare."));
    return this.add("result", ...parts);
  }
}
