// An exported k6 script against the documented shape of k6's options, and played with stand-ins for its modules:
// node k6.mjs SCRIPT PEOPLE where PEOPLE is how many should come in the part that was exported.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [script, people] = process.argv.slice(2);
const text = await readFile(script, "utf8");
const stand_ins = `
const calls = []; let healthy = true; let slept = 0;
const http = { get: (url, params) => { calls.push([url, params]); return { status: healthy ? 200 : 503 }; } };
const check = (answer, checks) => Object.values(checks).every((one) => one(answer));
const sleep = (seconds) => { if (!(seconds >= 0)) throw new Error("sleeps " + seconds); slept += seconds; };
class Counter { constructor(name) { this.name = name; this.sum = 0; } add(n) { this.sum += n; } }
class Trend extends Counter {}
const __ENV = {};
export const play = (id, good) => {
  __ENV.CLASS = id; healthy = good; calls.length = 0; slept = 0;
  const before = [completed.sum, abandoned.sum];
  session();
  return { calls: [...calls], slept, completed: completed.sum - before[0], abandoned: abandoned.sum - before[1] };
};
export { SCENARIO };
`;
const folder = await mkdtemp(path.join(tmpdir(), "k6-"));
const file = path.join(folder, "script.mjs");
await writeFile(file, stand_ins + text.replace(/^import .*$/gm, ""));
const { options, play, SCENARIO } = await import(pathToFileURL(file).href);
await rm(folder, { recursive: true });

const hold = (truth, what) => {
  if (!truth) {
    console.error(`k6: ${what}`);
    process.exit(1);
  }
};
// https://grafana.com/docs/k6/latest/using-k6/scenarios/executors/ramping-arrival-rate/
const known = ["executor", "exec", "env", "tags", "timeUnit", "startRate", "stages", "preAllocatedVUs", "maxVUs", "gracefulStop"];
let come = 0;
for (const [id, scenario] of Object.entries(options.scenarios)) {
  hold(/^[a-zA-Z0-9_-]+$/.test(id), `${id} is no name of a scenario`);
  hold(scenario.executor === "ramping-arrival-rate" && scenario.exec === "session", `${id} has another executor`);
  hold(Object.keys(scenario).every((key) => known.includes(key)), `${id} has keys that k6 does not know`);
  for (const { duration, target } of scenario.stages) {
    hold(Number.isInteger(target) && target >= 0, `${id}: a target of ${target}`);
    const length = /^(\d+)(ms|s)$/.exec(duration);
    hold(length, `${id}: a duration of ${duration}`);
    come += (target / 3600) * Number(length[1]) * (length[2] === "ms" ? 1e-3 : 1);
  }
}
hold(Math.abs(come / Number(people) - 1) < 0.02, `${come} come in place of ${people}`);
for (const one of SCENARIO.classes) {
  const good = play(one.id, true);
  hold(good.completed === 1 && good.calls.length === one.steps.length, `${one.name} does not get through a healthy system`);
  const bad = play(one.id, false);
  hold(bad.abandoned === 1 && bad.calls.length === one.attempts, `${one.name} tries ${bad.calls.length} times in place of ${one.attempts}`);
}
console.log(`k6: the script is as documented, ${Math.round(come)} people come`);
