"use strict";
/* Windows on a day: pieces that can be dragged, with a handle at either end for the pointer and the keyboard alike. */
const DAY = 1440;
const STEP = 15;
const clockOf = (minutes) => `${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`;
const minutesOf = (text) => {
  const [hours, minutes, seconds] = text.split(":").map(Number);
  return hours * 60 + minutes + (seconds || 0) / 60;
};
const parseWindow = (text) => text.split("-").map(minutesOf);
/** An opening at the end of the day is one at its beginning; a closing at the beginning is one at the end. */
const writeWindow = ([from, to]) => `${clockOf(from % DAY)}-${clockOf(to === 0 ? DAY : to)}`;
const wrap = (minutes) => ((minutes % DAY) + DAY) % DAY;
const snap = (minutes) => Math.round(minutes / STEP) * STEP;

class DayOfWindows {
  /** `changed` is called with the list of windows, as the scenario writes it. */
  constructor(label, value, changed) {
    Object.assign(this, { label, changed, windows: value.map(parseWindow) });
    this.track = element("div", { class: "day" });
    this.hours = element("div", { class: "hours", "aria-hidden": "true" });
    for (const hour of [0, 6, 12, 18, 24]) {
      const mark = element("span", {}, two(hour));
      mark.style.left = `${(hour / 24) * 100}%`;
      this.hours.append(mark);
    }
    this.times = element("div", { class: "times" });
    this.node = element("div", {}, this.track, this.hours, this.times);
    this.draw();
  }

  set(value) {
    this.windows = value.map(parseWindow);
    this.draw();
  }

  draw() {
    const focused = [...this.track.querySelectorAll(".edge")].indexOf(document.activeElement);
    this.track.replaceChildren();
    this.windows.forEach(([from, to], i) => {
      for (const [low, high] of from < to ? [[from, to]] : [[0, to], [from, DAY]]) this.piece(i, low, high);
    });
    this.windows.forEach((_, i) => [0, 1].forEach((end) => this.edge(i, end)));
    if (focused >= 0) this.track.querySelectorAll(".edge")[focused]?.focus();
    this.buttons();
  }

  piece(i, low, high) {
    const piece = element("div", { class: "piece" });
    piece.style.left = `${(low / DAY) * 100}%`;
    piece.style.width = `${((high - low) / DAY) * 100}%`;
    piece.addEventListener("pointerdown", (event) => {
      const before = this.windows[i];
      this.drag(event, (by) => before.map((at) => wrap(snap(at + by))));
    });
    this.track.append(piece);
  }

  edge(i, end) {
    const at = this.windows[i][end];
    const edge = element("div", {
      class: "edge",
      role: "slider",
      tabindex: "0",
      "aria-label": `${this.label}: ${end ? t("closes") : t("opens")}`,
      "aria-valuemin": "0",
      "aria-valuemax": String(DAY),
      "aria-valuenow": String(Math.round(at)),
      "aria-valuetext": clockOf(at),
    });
    edge.style.left = `${(at / DAY) * 100}%`;
    const moved = (to) => {
      const next = [...this.windows[i]];
      // The day ends at 24:00 for a window that closes, and begins at 00:00 for one that opens.
      next[end] = end ? Math.min(DAY, Math.max(STEP, to)) : Math.min(DAY - STEP, Math.max(0, to));
      return next;
    };
    edge.addEventListener("pointerdown", (event) => this.drag(event, (by) => moved(snap(at + by))));
    edge.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -60, PageUp: 60 }[event.key];
      const to = { Home: 0, End: DAY }[event.key] ?? (by === undefined ? undefined : snap(at + by));
      if (to === undefined) return;
      event.preventDefault();
      this.put(i, moved(to));
    });
    edge.dataset.window = i;
    this.track.append(edge);
  }

  /** Follows the pointer; `place` gives the window for so many minutes from where it began. */
  drag(event, place) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const target = event.target;
    const i = target.dataset.window ? Number(target.dataset.window) : this.pieceAt(event);
    target.focus?.();
    const width = this.track.getBoundingClientRect().width;
    const move = (to) => this.put(i, place(((to.clientX - event.clientX) / width) * DAY));
    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  pieceAt(event) {
    const box = this.track.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * DAY;
    return this.windows.findIndex(([from, to]) => (from < to ? at >= from && at <= to : at <= to || at >= from));
  }

  put(i, window) {
    const [from, to] = window;
    if (i < 0 || from % DAY === to % DAY && !(from === 0 && to === DAY)) return;
    if (this.windows[i][0] === from && this.windows[i][1] === to) return;
    this.windows[i] = window;
    this.draw();
    this.tell();
  }

  tell() {
    this.changed(this.windows.map(writeWindow));
  }

  buttons() {
    const remove = this.windows.map((window, i) => {
      const text = writeWindow(window).replace("-", "–");
      const button = element("button", { type: "button", "aria-label": `${t("remove")} ${text}, ${this.label}` }, `${text} ×`);
      button.addEventListener("click", () => {
        this.windows.splice(i, 1);
        this.draw();
        this.tell();
        this.times.lastChild?.focus();
      });
      return button;
    });
    const add = element("button", { type: "button", "aria-label": `${t("add-window")}, ${this.label}` }, `+ ${t("add-window")}`);
    add.addEventListener("click", () => {
      const free = this.gap();
      if (free) {
        this.windows.push(free);
        this.draw();
        this.tell();
      }
    });
    add.disabled = !this.gap();
    const none = this.windows.length ? [] : [element("span", { class: "fine" }, t("never-open"))];
    this.times.replaceChildren(...none, ...remove, add);
  }

  /** Two hours in the middle of the longest time that is shut, or less. */
  gap() {
    const shut = Array(DAY / STEP).fill(true);
    for (const [from, to] of this.windows)
      for (let at = 0; at < DAY; at += STEP) if (from < to ? at + STEP > from && at < to : at < to || at + STEP > from) shut[at / STEP] = false;
    let best = [0, 0];
    for (let i = 0, begun = 0; i <= shut.length; i += 1) {
      if (shut[i]) continue;
      if (i - begun > best[1] - best[0]) best = [begun, i];
      begun = i + 1;
    }
    const free = best[1] - best[0];
    if (!free) return null;
    const long = Math.min(free, 120 / STEP);
    const from = best[0] + Math.floor((free - long) / 2);
    return [from * STEP, (from + long) * STEP];
  }
}
