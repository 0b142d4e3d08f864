"""The moving figure of a layer's units in a real browser: paused at its end, played, slid, still for who wants it, and in print."""

import numpy as np
import pandas as pd
import pytest

from initbench.base.catalogue import Words
from initbench.figures.units_parting import animation
from initbench.report.page import _asset, _environment

UPDATES = (0, 1, 5, 400)


def paths() -> pd.DataFrame:
    """Three copies that move together to the right, and two units that part."""
    ends = {"zeros": [(2.0, 0.0)] * 3, "<b>mine</b>": [(-2.0, 0.0), (0.0, 2.0), (0.0, -2.0)]}
    rows = [
        {"scheme": scheme, "step": step, "unit": k, "x": x * share, "y": y * share, "distinct_units": len(set(units))}
        for scheme, units in ends.items()
        for share, step in zip(np.linspace(0, 1, len(UPDATES)), UPDATES, strict=True)
        for k, (x, y) in enumerate(units)
    ]
    known = {"valid_accuracy": 0.5, "spread_shown": 0.4, "dataset": "digits", "width": 3, "depth": 1}
    frame = pd.DataFrame(rows).assign(**known, activation="tanh", learning_rate=0.1, seed=0)
    frame["x"] += 1e-3 * frame["unit"] * (frame["scheme"] != "zeros")  # apart from the start
    return frame


@pytest.fixture(scope="module")
def moving(tmp_path_factory):
    """A page with nothing but the figure."""
    body = _environment().get_template("units_parting.html.j2").render(
        moving=animation(paths(), Words("en", "figures.units_parting")), page={"en": Words("en", "page")}, language="en"
    )  # fmt: skip
    css, script = (_asset(f"units_parting.{kind}") for kind in ("css", "js"))
    path = tmp_path_factory.mktemp("page") / "moving.html"
    path.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title><style>{css}</style>'
        f"<main>{body}</main><script>{script}</script></html>",
        encoding="utf-8",
    )
    return path


def copies(page) -> tuple[float, float]:
    """Where the dot of the copies is."""
    x, _, y = page.locator(".many").first.get_attribute("d").removeprefix("M").removesuffix("h0").partition(" ")
    return float(x), float(y)


def test_without_javascript_the_last_update_stands_and_nothing_can_be_played(open_page, moving):
    page = open_page(moving, java_script_enabled=False)
    assert copies(page)[0] > 900
    assert page.locator(".units-parting-update").is_visible()
    assert page.locator("button").is_hidden()
    assert page.locator("text >> nth=0").text_content() == "×3"


def test_it_is_paused_at_the_last_update_and_a_slider_shows_any(open_page, moving):
    page = open_page(moving)
    slider = page.get_by_role("slider", name="update")
    assert slider.input_value() == str(len(UPDATES) - 1)
    end = copies(page)
    page.get_by_role("button", name="Play").wait_for()
    slider.press("Home")
    assert copies(page)[0] < end[0]
    assert slider.get_attribute("aria-valuetext") == "update 0"
    assert page.locator("output").text_content() == "update 0"
    slider.press("ArrowRight")
    assert page.locator("output").text_content() == "update 1"
    slider.press("End")
    assert copies(page) == end


def stop_the_clock(page):
    """From here on time passes only where a test says so, however slow the machine is."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def test_played_it_moves_from_the_start_to_the_end_and_stops(open_page, moving):
    page = open_page(moving)
    stop_the_clock(page)
    page.get_by_role("button", name="Play").click()
    seen = []
    for _ in range(32):
        page.clock.run_for(100)
        seen.append(copies(page)[0])
    assert seen == sorted(seen)
    assert len(set(seen)) > len(UPDATES)  # between the updates, too
    page.clock.run_for(3000)
    assert page.get_by_role("button", name="Play").is_visible()
    assert page.get_by_role("slider").input_value() == str(len(UPDATES) - 1)


def test_a_second_click_pauses(open_page, moving):
    page = open_page(moving)
    stop_the_clock(page)
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(600)
    page.get_by_role("button", name="Pause").click()
    before = copies(page)
    page.clock.run_for(2000)
    assert copies(page) == before


def test_who_wants_no_motion_sees_the_recorded_updates_alone(open_page, moving):
    page = open_page(moving, reduced_motion="reduce")
    stop_the_clock(page)
    page.get_by_role("button", name="Play").click()
    seen = []
    for _ in range(12):
        page.clock.run_for(300)
        seen.append(copies(page)[0])
    assert len(set(seen)) <= len(UPDATES)


def test_in_print_the_last_update_stands_without_controls(open_page, moving):
    page = open_page(moving)
    end = copies(page)
    page.get_by_role("slider").press("Home")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert copies(page) == end
    assert page.locator("button").is_hidden()


def test_a_name_from_a_configuration_is_text(open_page, moving):
    page = open_page(moving)
    assert page.locator("strong").nth(1).text_content() == "<b>mine</b>"
    assert page.locator("b").count() == 0
