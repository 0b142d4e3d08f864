// @ts-check
/**
 * Moves the units of a layer through their training: templates/units_parting.html.j2 has the last update of it, and the
 * numbers of all. Paused until the reader plays it or moves the slider; without transitions for readers who want no motion.
 *
 * @typedef {[number, number, number]} Place x, y, and how many units are there
 * @typedef {{frames: Place[][], said: string[], scheme: string}} Start
 * @typedef {{starts: Start[], updates: string[], colon: string}} Moving
 */
(() => {
  const PAUSE = 250; // milliseconds that an update stands
  const MOTION = 650; // milliseconds from one to the next
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {Place[]} places @param {boolean} together */
  const dots = (places, together) =>
    places
      .filter(([, , n]) => n > 1 === together)
      .map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`)
      .join("");

  /** The places on the way from one frame to the next; units that meet or part jump.
   * @param {Place[]} from @param {Place[]} to @param {number} share @returns {Place[]} */
  const between = (from, to, share) =>
    from.map(([x, y, n], k) => {
      const [toX, toY] = (from.length === to.length && to[k]) || [x, y];
      return [x + share * (toX - x), y + share * (toY - y), n];
    });

  /** @param {Element} panel @param {Place[]} places */
  const draw = (panel, places) => {
    panel.querySelector(".one")?.setAttribute("d", dots(places, false));
    panel.querySelector(".many")?.setAttribute("d", dots(places, true));
    const text = panel.querySelector("text");
    const shared = places.find(([, , n]) => n > 1);
    if (text) text.textContent = shared ? `×${shared[2]}` : "";
    if (text && shared) {
      text.setAttribute("x", String(shared[0] + 45));
      text.setAttribute("y", String(shared[1] - 35));
    }
  };

  /** @param {Element} figure */
  const enhance = (figure) => {
    const found = figure.querySelector("script");
    const controls = /** @type {HTMLElement | null} */ (figure.querySelector(".units-parting-controls"));
    const [button, slider, output] = ["button", "input", "output"].map((name) => figure.querySelector(name));
    if (!found || !controls || !(button instanceof HTMLButtonElement) || !(slider instanceof HTMLInputElement)) return;
    /** @type {Moving} */
    const moving = JSON.parse(found.textContent ?? "");
    const panels = [...figure.querySelectorAll(".units-parting-start")];
    const last = moving.updates.length - 1;
    let playing = 0; // the animation frame that is waited for; 0: paused
    let began = 0;

    /** A start that ended early keeps its last frame.
     * @template T @param {T[]} frames @param {number} frame @returns {T} */
    const kept = (frames, frame) => /** @type {T} */ (frames[Math.min(frame, frames.length - 1)]);

    /** @param {number} frame @param {number} [share] of the way to the next */
    const show = (frame, share = 0) => {
      panels.forEach((panel, k) => {
        const start = moving.starts[k];
        if (!start) return;
        draw(panel, between(kept(start.frames, frame), kept(start.frames, frame + 1), share));
        const said = panel.querySelector("span");
        if (said) said.textContent = kept(start.said, frame);
        panel.querySelector("svg")?.setAttribute("aria-label", start.scheme + moving.colon + kept(start.said, frame));
      });
      slider.value = String(frame);
      slider.setAttribute("aria-valuetext", kept(moving.updates, frame));
      if (output) output.textContent = kept(moving.updates, frame);
    };

    const pause = () => {
      cancelAnimationFrame(playing);
      playing = 0;
      button.textContent = button.dataset.play ?? "";
    };

    /** @param {number} now */
    const step = (now) => {
      const passed = Math.min((now - began) / (PAUSE + MOTION), last);
      const frame = Math.floor(passed);
      const share = Math.max(0, ((passed - frame) * (PAUSE + MOTION) - PAUSE) / MOTION);
      show(frame, still.matches ? 0 : share);
      if (frame >= last) pause();
      else playing = requestAnimationFrame(step);
    };

    button.addEventListener("click", () => {
      if (playing) return pause();
      const from = Number(slider.value) % last;
      began = performance.now() - from * (PAUSE + MOTION);
      button.textContent = button.dataset.pause ?? "";
      playing = requestAnimationFrame(step);
    });
    slider.addEventListener("input", () => {
      pause();
      show(Number(slider.value));
    });
    addEventListener("beforeprint", () => {
      pause();
      show(last);
    });
    controls.hidden = last < 1;
    const standing = figure.querySelector(".units-parting-update");
    if (standing instanceof HTMLElement) standing.hidden = !controls.hidden; // the output says it
    show(last);
  };

  for (const figure of document.querySelectorAll("[data-units-parting]")) enhance(figure);
})();
