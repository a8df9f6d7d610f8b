// Made by clickday export --k6. Run it against a system that is yours, and that nobody needs at the time:
//
//   k6 run -e BASE_URL=https://test.example.org script.js
//
// Every step asks BASE_URL/STATION/STEP by GET; change `ask` to what your system wants. It plays in real time: the
// curve of the scenario from `from` to `to`. Left out, since no load generator can hold them: people who come back hours
// later, opening windows (everybody comes when they intend to), and the backlog of operators.
import http from "k6/http";
import { check, sleep } from "k6";
import { Counter, Trend } from "k6/metrics";

const SCENARIO = /*SCENARIO*/ null;

const BASE_URL = __ENV.BASE_URL || "http://127.0.0.1:8080";
const MAX_VUS = Number(__ENV.MAX_VUS || 10000);

const completed = new Counter("clickday_completed");
const abandoned = new Counter("clickday_abandoned");
const timeToComplete = new Trend("clickday_time_to_complete", true);

// Rates are whole numbers in k6: people per hour of each step, a jump and then a level stretch.
const stages = (rates) =>
  rates.flatMap((rate) => [
    { duration: "0s", target: Math.round(rate * 3600) },
    { duration: `${Math.round(SCENARIO.step_seconds * 1000)}ms`, target: Math.round(rate * 3600) },
  ]);

export const options = {
  discardResponseBodies: true,
  scenarios: Object.fromEntries(
    SCENARIO.classes
      .filter((people) => people.rates.some((rate) => rate > 0))
      .map((people) => [
        people.id,
        {
          executor: "ramping-arrival-rate",
          exec: "session",
          env: { CLASS: people.id },
          tags: { class: people.name },
          timeUnit: "1h",
          startRate: 0,
          stages: stages(people.rates),
          preAllocatedVUs: Math.min(50, MAX_VUS),
          maxVUs: MAX_VUS,
          gracefulStop: "10m",
        },
      ]),
  ),
};

// A draw from a table of quantiles: straight between them.
const draw = (table) => {
  if (table.length === 1) return table[0];
  const place = Math.random() * (table.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, table.length - 1);
  return table[below] + (place - below) * (table[above] - table[below]);
};

const wait = (backoff, failures) => {
  if (backoff.drawn) return draw(backoff.drawn);
  const longest = backoff.waits[Math.min(failures, backoff.waits.length) - 1] || 0;
  return longest * (backoff.least + (1 - backoff.least) * Math.random());
};

const ask = (people, step) => {
  const url = `${BASE_URL}/${encodeURIComponent(step.station)}/${encodeURIComponent(step.name)}`;
  const timeout = step.timeout ? `${Math.max(1, Math.round(draw(step.timeout) * 1000))}ms` : "24h";
  const answer = http.get(url, { timeout, tags: { name: step.name, class: people.name } });
  return check(answer, { answered: (r) => r.status >= 200 && r.status < 400 });
};

export function session() {
  const people = SCENARIO.classes.find((one) => one.id === __ENV.CLASS);
  const begun = Date.now();
  let failures = 0;
  let at = 0;
  let thought = -1;
  while (at < people.steps.length) {
    const step = people.steps[at];
    if (step.think && thought !== at) sleep(draw(step.think));
    thought = at;
    if (ask(people, step)) {
      at += 1;
      if (people.resume === "step") failures = 0;
      continue;
    }
    failures += 1;
    if (failures >= people.attempts) {
      abandoned.add(1, { class: people.name });
      return;
    }
    sleep(wait(people.backoff, failures));
    if (people.resume === "journey") {
      at = 0;
      thought = -1;
    }
  }
  completed.add(1, { class: people.name });
  timeToComplete.add(Date.now() - begun, { class: people.name });
}
