"""Start, signal, result: a row a start, from the gradient that arrives at each layer to the accuracy that it reaches.

The page's script draws the same for any case (assets/explorer/hero.js), mark for mark: a change here is a change there.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from initbench.base.catalogue import Words
from initbench.base.numbers import number, percent
from initbench.report.explorer.best import best_lists
from initbench.report.explorer.cases import Cases
from initbench.report.explorer.looks import colour_of
from initbench.report.explorer.packing import PER_UNIT
from initbench.report.explorer.rendering import template
from initbench.report.explorer.sentences import case_text, finding, score_text, share, updates_text
from initbench.report.explorer.signal import Square, block_rows, colour
from initbench.tables.views import Tables

UNKNOWN = "#f2c230"  # of what is not finite
KEY = {-8: "10⁻⁸", -4: "10⁻⁴", 0: "1", 4: "10⁴", 8: "10⁸"}  # decades that the key shows


def hero(tables: Tables, study: Mapping, words: Words) -> Markup | None:
    """The picture of the first case, as HTML with SVG that needs no script; None for a study without any run.

    tables: runs, layers and best. study: what was run, with its config.
    """
    words, config = words.of("explorer"), study["config"]
    cases = Cases.of(tables, config)
    block = cases.first()
    if block is None:
        return None
    rows, classes = block_rows(tables, cases, block)
    case = cases.blocks.iloc[block].to_dict()
    lists = best_lists(tables, cases).get(block)
    best = next((row["ended"] for row in rows if lists and row["scheme"] in lists["best"]), None)
    ended = [row["ended"] for row in rows if row["ended"] is not None]
    seeds = max((int(one["n"]) for one in ended), default=0)
    target = percent(config["thresholds"]["target_accuracy"])
    given = {
        "case": case_text(case, case, cases.choices, words),
        "finding": finding(lists, best, words),
        "heads": _heads(case, config, target, words),
        "rows": [_row(row, words) for row in rows],
        "chance": _place(1 / classes) if classes and ended else None,
        "key": _key(rows, words),
        "key_rest": _key_rest(seeds, classes, target, words),
        "labels": {name: words(f"short_{name}", target=target) for name in ("first", "units", "updates")},
        "hatch": f"hatch-{words.language}",
        "words": words,
    }
    return Markup(template("explorer/hero.html.j2").render(given))


def _heads(case: Mapping, config: Mapping, target: str, words: Words) -> list[tuple[str, str]]:
    """(class, text) of each column."""
    return [
        ("start", words("head_start")),
        ("signal", words("head_signal")),
        ("number first", words("head_first")),
        ("number units", words("head_units", width=int(case["width"]))),
        ("score", words("head_score", steps=config["training"]["steps"])),
        ("updates", words("head_updates", target=target)),
    ]


def _row(row: Mapping, words: Words) -> dict:
    """A start as the template shows it."""
    squares, ended = row["squares"], row["ended"]
    first = squares[0].text if squares else ""
    label = words("squares_none") if squares and squares[0].kind == "zero" else words("squares", first=first)
    low, high = (None if ended is None else share(ended[name]) for name in ("low", "high"))
    return {
        "scheme": row["scheme"],
        "squares": [_drawn(square, i, len(squares), words) for i, square in enumerate(squares)],
        "label": label,
        "first": first,
        "units": "" if row["units"] is None else number(row["units"] / PER_UNIT["count"]),
        "score": _place(0 if ended is None else share(ended["score"])),
        "low": None if low is None else _place(low),
        "high": None if high is None else _place(high),
        "colour": colour_of(row["scheme"]),
        "score_text": score_text(ended, words),
        "updates": updates_text(ended, words),
    }


def _drawn(square: Square, place: int, count: int, words: Words) -> dict:
    fill = {"zero": f"url(#hatch-{words.language})", "unknown": UNKNOWN}.get(square.kind) or colour(square.decades)
    title = words("square", layer=square.layer, value=square.text)
    return {"x": _place(place / count), "width": _place(1 / count), "kind": square.kind, "fill": fill, "title": title}


def _place(share_: float) -> str:
    """A share of the width, in hundredths."""
    return f"{100 * share_:.3f}"


def _key(rows: Sequence[Mapping], words: Words) -> list[dict]:
    """What colours mean, and the marks of what is zero or not finite where there is any."""
    kinds = {square.kind for row in rows for square in row["squares"]}
    marks = [("zero", f"url(#hatch-{words.language})", "key_zero"), ("unknown", UNKNOWN, "key_unknown")]
    found = [{"fill": fill, "text": words(key)} for kind, fill, key in marks if kind in kinds]
    return [*({"fill": colour(power), "text": text} for power, text in KEY.items()), *found]


def _key_rest(seeds: int, classes: int | None, target: str, words: Words) -> str:
    """How to read what stands right of the squares."""
    if not seeds:
        return ""
    said = [words("key_bars", seeds=seeds)]
    said += [words("key_chance", classes=classes)] if classes else []
    return words.term("space").join([*said, words("key_updates", target=target)])
