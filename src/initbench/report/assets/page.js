// The page's language: chosen in the bar, kept in the address after "#" as lang=zh, at first that of the browser.
"use strict";
(() => {
  /** @type {Record<string, string>} */
  const TAGS = { en: "en", zh: "zh-Hans" };
  const root = document.documentElement;

  /** What the address says after "#": an anchor, or settings as in a query. */
  const settings = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

  /** @returns {string} */
  const wanted = () => {
    const said = settings().get("lang");
    if (said && said in TAGS) return said;
    return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  };

  /** @param {string} language */
  const show = (language) => {
    root.lang = TAGS[language] ?? "en";
    root.dataset.language = language;
    const button = /** @type {HTMLInputElement} */ (document.getElementById(`language-${language}`));
    button.checked = true;
    const title = document.querySelector(`h1 .in-${language}`);
    if (title) document.title = `${title.textContent} · initbench`;
    document.dispatchEvent(new CustomEvent("languagechange", { detail: language }));
  };

  /** @param {string} language */
  const keep = (language) => {
    const kept = settings();
    const anchor = location.hash && !location.hash.includes("=") ? location.hash.slice(1) : null;
    if (anchor) kept.set("at", anchor);
    kept.set("lang", language);
    history.replaceState(null, "", `#${kept}`);
  };

  // what an address points to is opened and shown, in the language that is read
  const follow = () => {
    const name = location.hash.includes("=") ? settings().get("at") : decodeURIComponent(location.hash.slice(1));
    if (!name) return;
    const found = [name, `${name}-${root.dataset.language}`].map((id) => document.getElementById(id));
    const target = found.find((element) => element?.getClientRects().length) ?? found.find((element) => element);
    for (let part = target ?? null; part; part = part.parentElement) if (part instanceof HTMLDetailsElement) part.open = true;
    target?.scrollIntoView();
  };

  for (const button of document.querySelectorAll("input[name=language]")) {
    button.addEventListener("change", () => {
      const { value } = /** @type {HTMLInputElement} */ (button);
      keep(value);
      show(value);
    });
  }
  addEventListener("hashchange", () => {
    if (settings().get("lang") && settings().get("lang") !== root.dataset.language) show(wanted());
    follow();
  });
  // on paper everything is open
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details")) part.open = true;
  });
  show(wanted());
  follow();
})();
