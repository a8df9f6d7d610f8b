"use strict";
/* The page of a plan: each goal's figure over the parameter, with the answers. */
/** An upright line at the answer of each policy that is shown. */
const answerLines = (plot) => {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = 1.8 * devicePixelRatio;
  for (const p of policiesShown()) {
    if (DATA.answers[p] == null) continue;
    const x = plot.valToPos(DATA.answers[p], "x", true);
    ctx.strokeStyle = ink(p);
    ctx.setLineDash(DASHES[p % 8].map((length) => length * devicePixelRatio));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
};

const goalChart = (holder, goal, g) => {
  const xs = [...new Set(DATA.tried.flat().map(([value]) => value))].sort((a, b) => a - b);
  const figure = figureIn(holder, "goal", `${goal.name[language]} · ${goal.text}`);
  return overParameter(figure, DATA.parameters[0], xs, goal.unit, {
    goal,
    overlay: (plot) => {
      limitLine(goal)(plot);
      answerLines(plot);
    },
    lines: perPolicy((p) => {
      const at = new Map(DATA.tried[p].map(([value, verdict, figures]) => [value, { verdict, figure: figures[g] }]));
      const column = (i) => xs.map((x) => at.get(x)?.figure?.[i] ?? null);
      const verdicts = { met: t("met"), missed: t("missed"), open: t("open") };
      const told = xs.map((x) => {
        const one = at.get(x);
        return one ? `${figureText(one.figure, goal.unit)} (${verdicts[one.verdict]}${x === DATA.answers[p] ? `, ${t("the-answer")}` : ""})` : "–";
      });
      return [{ values: column(0), band: [column(1), column(2)], marks: 7, bridged: true, told }];
    }),
  });
};

const build = () => {
  clear();
  const page = current();
  policyBoxes(page.querySelector(".policies"));
  const holder = page.querySelector(".study-charts");
  plots = DATA.goals.map((goal, g) => goalChart(holder, goal, g));
};
looks({ speak: build, redraw });
