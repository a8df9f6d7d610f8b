"use strict";
/* The levers: one control a value, with a way back to what the file says. */
const UNITS = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86400 };
const secondsOf = (text) => {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|min|h|d)/g)];
  if (!parts.length || parts.map((p) => p[0]).join("") !== text.trim()) return null;
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
};
const durationOf = (seconds) => {
  const digits = (value) => String(Number(value.toPrecision(2)));
  if (seconds < 1) return `${digits(seconds * 1000)}ms`;
  if (seconds < 120) return `${digits(seconds)}s`;
  if (seconds < 7200) return `${digits(seconds / 60)}min`;
  if (seconds < 172800) return `${digits(seconds / 3600)}h`;
  return `${digits(seconds / 86400)}d`;
};
const neat = (value) => (value >= 100 ? Number(value.toPrecision(3)) : value);

/** Places of a slider from 0 to 200 with the file's value in the middle, or a plain scale for small numbers. */
const scaleOf = (lever, start) => {
  const by = lever.kind === "duration" ? 30 : 10;
  if (lever.kind === "share") return { min: 0, max: 1, step: 0.01, at: (v) => v, value: (p) => Number(p) };
  if (lever.kind === "count" && start <= 30) {
    const least = ["attempts", "population", "operators", "active_sessions"].includes(lever.what) ? 1 : 0;
    return { min: least, max: Math.max(10, start * 3), step: 1, at: (v) => v, value: (p) => Number(p) };
  }
  const value = (p) => (Number(p) === 100 ? start : start * by ** ((Number(p) - 100) / 100));
  const at = (v) => 100 + (100 * Math.log(Math.max(v, start / by) / start)) / Math.log(by);
  return { min: 0, max: 200, step: 1, at, value: (p) => (lever.kind === "count" ? Math.max(1, Math.round(neat(value(p)))) : value(p)) };
};

/** A slider with a field beside it. */
const sliderControl = (lever, label, start, changed) => {
  const isTime = lever.kind === "duration";
  const inSeconds = (v) => (isTime ? secondsOf(v) ?? 1 : v);
  const scale = scaleOf(lever, inSeconds(start));
  const range = element("input", { type: "range", min: scale.min, max: scale.max, step: scale.step, "aria-label": label });
  const field = isTime
    ? element("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", maxlength: "40" })
    : element("input", { type: "number", min: "0", max: lever.kind === "share" ? "1" : "4000000000", step: lever.kind === "count" ? "1" : "any" });
  field.setAttribute("aria-label", `${label}: ${t("value")}`);
  const show = (value) => {
    field.value = value;
    field.removeAttribute("aria-invalid");
    range.value = scale.at(inSeconds(value));
    range.setAttribute("aria-valuetext", String(value));
  };
  range.addEventListener("input", () => {
    const moved = scale.value(range.value);
    const value = isTime ? (Number(range.value) === 100 ? start : durationOf(moved)) : lever.kind === "rate" ? neat(Number(moved.toPrecision(3))) : moved;
    field.value = value;
    field.removeAttribute("aria-invalid");
    range.setAttribute("aria-valuetext", String(value));
    changed(value);
  });
  field.addEventListener("change", () => {
    const value = isTime ? field.value.trim() : Number(field.value);
    const good = isTime ? secondsOf(value) !== null : field.value !== "" && field.checkValidity() && (lever.kind !== "rate" || value > 0);
    field.setAttribute("aria-invalid", String(!good));
    if (!good) return;
    show(value);
    changed(value);
  });
  show(start);
  return { range, field, show };
};

const toggle = (text, on, changed) => {
  const box = element("input", { type: "checkbox", role: "switch" });
  box.checked = on;
  box.addEventListener("change", () => changed(box.checked));
  return { box, node: element("label", { class: "toggle" }, box, element("span", {}, text)) };
};

/** What a lever is called. */
const nameOf = (lever) => {
  if (lever.kind === "windows") return lever.of;
  const key = lever.kind === "rule" ? `rule-${lever.what}` : `lever-${lever.what}`;
  const known = t(key);
  return known === key ? lever.what.replaceAll("_", " ") : known;
};

/** The control of a lever; `value` is what it stands at, `changed` is told a new one. */
const leverRow = (lever, value, changed) => {
  const label = `${nameOf(lever)}, ${lever.owner}`;
  const row = element("div", { class: "lever", "data-pointer": lever.pointer });
  const first = lever.kind === "room" ? false : lever.value;
  const back = element("button", { type: "button", class: "back", "aria-label": `${t("back")}: ${label}` }, t("back"));
  const mark = (now) => {
    const moved = JSON.stringify(now) !== JSON.stringify(first);
    row.classList.toggle("changed", moved);
    back.hidden = !moved;
  };
  const tell = (now) => {
    mark(now);
    changed(now);
  };
  let show;
  if (lever.kind === "rule") {
    const control = toggle(nameOf(lever), value, tell);
    row.append(element("div", { class: "name" }, control.node, back));
    show = (now) => (control.box.checked = now);
  } else if (lever.kind === "room") {
    const rate = sliderControl({ ...lever, kind: "rate" }, `${t("lever-per_minute")}, ${lever.owner}`, lever.value.per_minute, (now) => tell(now));
    const fields = element("div", {}, element("div", { class: "name" }, element("span", {}, t("lever-per_minute")), rate.field), rate.range);
    const control = toggle(t("rule-waiting_room"), value !== false, (on) => {
      fields.hidden = !on;
      tell(on ? Number(rate.field.value) : false);
    });
    show = (now) => {
      control.box.checked = now !== false;
      fields.hidden = now === false;
      if (now !== false) rate.show(now);
    };
    row.append(element("div", { class: "name" }, control.node, back), fields);
  } else if (lever.kind === "windows") {
    const day = new DayOfWindows(label, value, tell);
    row.append(element("div", { class: "name" }, element("span", {}, nameOf(lever)), back), day.node);
    show = (now) => day.set(now);
  } else {
    const control = sliderControl(lever, label, lever.value, tell);
    row.append(element("div", { class: "name" }, element("span", {}, nameOf(lever)), back, control.field), control.range);
    show = control.show;
  }
  back.addEventListener("click", () => {
    show(first);
    tell(first);
    row.querySelector("input, [tabindex]")?.focus();
  });
  show(value);
  mark(value);
  return row;
};
