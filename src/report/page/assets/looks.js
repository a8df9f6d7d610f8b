"use strict";
/* What every page has: language, light or dark, the width of the window, paper. */
const pages = [...document.querySelectorAll(".page[lang]")];
const current = () => document.getElementById(`page-${language}`);

/** Marks the one button of a group that is chosen. */
const press = (attribute, value) => {
  for (const button of document.querySelectorAll(`button[${attribute}]`)) button.setAttribute("aria-pressed", String(button.getAttribute(attribute) === value));
};

const dark = matchMedia("(prefers-color-scheme: dark)");
let theme = "auto";
const applyTheme = () => {
  document.documentElement.dataset.theme = theme === "dark" || (theme === "auto" && dark.matches) ? "dark" : "light";
  press("data-theme-choice", theme);
};

/** Keeps a page in the language, the colours and the width that are wanted: `speak` says all that scripts say, at first too; `redraw` draws its charts again. */
const looks = ({ speak, redraw }) => {
  const applyLanguage = () => {
    document.documentElement.lang = language;
    for (const page of pages) page.hidden = page.lang !== language;
    press("data-language", language);
    speak();
  };
  const recolour = () => {
    applyTheme();
    redraw();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.language) {
      language = button.dataset.language;
      applyLanguage();
    } else if (button?.dataset.themeChoice) {
      theme = button.dataset.themeChoice;
      recolour();
    }
  });
  dark.addEventListener("change", recolour);
  let width = innerWidth;
  let waiting = 0;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(redraw, 120);
  });
  // On paper everything is light, as wide as the paper, and nothing is folded.
  const folds = () => document.querySelectorAll(".page:not([hidden]) section > details");
  addEventListener("beforeprint", () => {
    document.documentElement.dataset.theme = "light";
    for (const fold of folds()) {
      fold.dataset.wasOpen = fold.open;
      fold.open = true;
    }
    redraw();
  });
  addEventListener("afterprint", () => {
    for (const fold of folds()) fold.open = fold.dataset.wasOpen === "true";
    recolour();
  });
  applyTheme();
  applyLanguage();
};
