"use strict";
/* The clock on the wall: seconds of the run against civil time, and how numbers are written. */
const read = (id) => JSON.parse(document.getElementById(id).textContent);
let DATA = read("data");
const WORDS = read("words");
let language = document.documentElement.lang;
const t = (key) => WORDS[language][key] ?? key;

/** Seconds from 1970 to the civil time at a second of the run, as if it were UTC. */
const civil = (x) => {
  let shift = 0;
  for (const [from, by] of DATA.shifts) if (x >= from) shift = by;
  return DATA.start + x + shift;
};
const two = (n) => String(n).padStart(2, "0");
const time = (x) => {
  const date = new Date(civil(x) * 1000);
  const seconds = date.getUTCSeconds();
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${seconds ? ":" + two(seconds) : ""}`;
};
const day = (x) => {
  const date = new Date(civil(x) * 1000);
  return `${date.getUTCDate()} ${t("months").split(" ")[date.getUTCMonth()]}`;
};
const moment = (x) => `${day(x)} ${time(x)}`;

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000, 2592000];
/** Places of the ticks between two seconds of the run, at full hours and days of the clock on the wall. */
const clockTicks = (low, high, room) => {
  const step = STEPS.find((s) => (high - low) / s <= room) ?? (high - low) / room;
  const offset = civil(low) - low;
  const ticks = [];
  for (let c = Math.ceil((low + offset) / step) * step; c - offset <= high; c += step) ticks.push(c - offset);
  return ticks;
};
const clockLabels = (ticks) => {
  let before = "";
  return ticks.map((x) => {
    const today = day(x);
    const label = today === before ? time(x) : `${time(x)}\n${today}`;
    before = today;
    return label;
  });
};

const number = (value, options) => new Intl.NumberFormat(language, options).format(value);
/** A value to three significant digits, or whole. */
const told = (value) => {
  if (value == null) return "–";
  const size = Math.abs(value);
  return size >= 100 ? number(Math.round(value)) : number(value, { maximumSignificantDigits: 3 });
};
const short = (value) => {
  const size = Math.abs(value);
  if (size >= 1e6) return number(value / 1e6, { maximumSignificantDigits: 3 }) + " M";
  if (size >= 1e4) return number(value / 1e3, { maximumSignificantDigits: 3 }) + " k";
  return number(value, { maximumSignificantDigits: 3 });
};
const percent = (value) => (value == null ? "–" : number(value * 100, { maximumFractionDigits: 1 }) + " %");
const span = (seconds) => {
  if (seconds >= 172800 || seconds === 86400) return `${number(seconds / 86400, { maximumSignificantDigits: 3 })} ${t("day")}`;
  if (seconds >= 3600) return `${number(seconds / 3600, { maximumSignificantDigits: 3 })} h`;
  if (seconds >= 60) return `${number(seconds / 60, { maximumSignificantDigits: 3 })} min`;
  return `${number(seconds, { maximumSignificantDigits: 3 })} s`;
};

/** An element with text (never markup), attributes and children. */
const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
