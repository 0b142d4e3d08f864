// The table of claims: filtered by verdict, sorted by a column. Without scripts it stands by theme, what surprises first.

(() => {
  /**
   * What is shown, the same in both languages.
   * @typedef {object} State
   * @property {string} tone one verdict, or "" for all
   * @property {string} key a column, or "" for the order of themes
   * @property {boolean} falling
   */
  /** @typedef {{table: HTMLTableElement, form: HTMLFormElement | null, order: HTMLTableSectionElement[]}} View */

  const TONES = ["no", "partly", "yes", "open"];
  /** @type {State} */
  const state = { tone: "", key: "", falling: false };
  /** @type {View[]} */
  const views = [...document.querySelectorAll("table.claims")].map((found) => {
    const table = /** @type {HTMLTableElement} */ (found);
    const form = /** @type {HTMLFormElement | null} */ (
      table.parentElement?.querySelector("form.claim-controls") ?? null
    );
    return { table, form, order: [...table.tBodies] };
  });

  /** How far a claim differs on fresh seeds: 2 if somewhere, 1 if it was not tested there, 0 if it is the same. @param {string} said */
  const differing = (said) => (said.includes("False") ? 2 : said.includes("True") ? 0 : 1);

  /** What a claim is sorted by. @param {HTMLTableSectionElement} claim @param {string} key @returns {number | string} */
  const value = (claim, key) => {
    if (key === "number") return Number(claim.dataset.number);
    if (key === "verdict") return TONES.indexOf(claim.dataset.tone ?? "");
    if (key === "fresh") return differing(claim.dataset.fresh ?? "");
    return claim.querySelector("th")?.textContent ?? "";
  };

  /** @param {number | string} a @param {number | string} b @param {string} language */
  const compare = (a, b, language) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), language);

  /** Show a table by the state. @param {View} view */
  const show = ({ table, form, order }) => {
    const isTheme = (/** @type {HTMLTableSectionElement} */ part) => part.classList.contains("theme");
    const language = table.closest("[lang]")?.getAttribute("lang") ?? "en";
    const claims = order.filter((part) => !isTheme(part));
    for (const claim of claims) claim.hidden = state.tone !== "" && claim.dataset.tone !== state.tone;
    const sorted = state.key
      ? claims.toSorted(
          (a, b) => (state.falling ? -1 : 1) * compare(value(a, state.key), value(b, state.key), language),
        )
      : order;
    for (const part of order) if (isTheme(part)) part.hidden = state.key !== "";
    if (!state.key) hideEmptyThemes(order, isTheme);
    table.append(...order.filter(isTheme), ...sorted);
    for (const head of table.querySelectorAll("th[data-sort]")) {
      if (head.getAttribute("data-sort") !== state.key) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", state.falling ? "descending" : "ascending");
    }
    if (form) tell(form, claims.filter((claim) => !claim.hidden).length);
  };

  /**
   * A theme none of whose claims is shown has no heading.
   * @param {HTMLTableSectionElement[]} order
   * @param {(part: HTMLTableSectionElement) => boolean} isTheme
   */
  const hideEmptyThemes = (order, isTheme) => {
    order.forEach((part, place) => {
      if (!isTheme(part)) return;
      const rest = order.slice(place + 1);
      const end = rest.findIndex(isTheme);
      part.hidden = rest.slice(0, end < 0 ? rest.length : end).every((claim) => claim.hidden);
    });
  };

  /** Say how many claims are shown, and set the controls as the state is. @param {HTMLFormElement} form @param {number} shown */
  const tell = (form, shown) => {
    const said = form.querySelector("output");
    if (said) said.textContent = (said.dataset.text ?? "").replace("{n}", String(shown));
    for (const choice of form.querySelectorAll("input")) choice.checked = choice.value === state.tone;
    const select = form.querySelector("select");
    if (select) select.value = state.key;
  };

  const showAll = () => views.forEach(show);

  /** Sort by a column; again: the other way round; a third time: by theme. @param {string} key */
  const sortBy = (key) => {
    if (state.key !== key) Object.assign(state, { key, falling: false });
    else if (!state.falling) state.falling = true;
    else Object.assign(state, { key: "", falling: false });
    showAll();
  };

  for (const { table, form } of views) {
    for (const head of table.querySelectorAll("th[data-sort]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => sortBy(head.getAttribute("data-sort") ?? ""));
      head.replaceChildren(button);
    }
    if (!form) continue;
    form.hidden = false;
    form.addEventListener("change", (event) => {
      const control = /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target);
      if (control instanceof HTMLSelectElement) Object.assign(state, { key: control.value, falling: false });
      else state.tone = control.value;
      showAll();
    });
  }
  showAll();
})();
