"""Figures that one process draws: each the same bytes in any company, redrawn alone, and none stopped by another that fails."""

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from initbench.base.registry import EXTENSION
from initbench.figures import Drawn, Figure
from initbench.figures.drawing import KINDS, draw_group, files_of, groups, picture
from initbench.figures.drawing import draw as write_figure
from initbench.figures.style import panels
from initbench.report.contents import figures_in_order
from initbench.tables.views import Tables

READS = {"line": ("runs",), "bars": ("theory",), "text": ()}


def line(tables, words):
    figure, axes = panels([0], [0])
    axes[0, 0].plot(tables.read("runs")["loss"], label="$x^2$")
    axes[0, 0].set(yscale="log", title="a line")
    axes[0, 0].legend()
    return Drawn(figure, "A line.", "Of runs.", "It rises.")


def bars(tables, words):
    figure, axes = panels([0], [0, 1])
    axes[0, 0].bar([0, 1], tables.read("theory")["factor"])
    return Drawn(figure, "Bars.", "Two.", "Two bars.")


def text(tables, words):
    figure, axes = panels([0], [0])
    axes[0, 0].text(0.5, 0.5, words.term("depth") + ", σ_w²")
    return Drawn(figure, words.term("depth"), "Text.", "A word.")


def broken(tables, words):
    print("before it breaks")
    raise ZeroDivisionError("no width")


def quits(tables, words):
    raise SystemExit("out of here")


@pytest.fixture
def draw(tmp_path):
    """Draws figures as the workflow does and puts them in their place: what became of each, by name."""
    write(tmp_path, "runs", loss=np.geomspace(1e-3, 1, 5))
    write(tmp_path, "theory", factor=[0.5, 2.0])
    tables = Tables({name: str(tmp_path / f"{name}.parquet") for name in ("runs", "theory")})
    (tmp_path / "figures").mkdir()

    def draw(*functions, **code):
        figures = [Figure(f.__name__, READS.get(f.__name__, ()), f) for f in functions]
        folders = {figure.name: tmp_path / "drawn" / figure.name for figure in figures}
        code = dict.fromkeys(folders, "first") | code
        record, standing = str(tmp_path / "record.json"), str(tmp_path / "figures")
        pictures = [picture(figure, tables.paths, code[figure.name], record, standing) for figure in figures]
        draw_group(figures, tables, pictures, folders, standing, "results/logs/figures")
        became = {name: put_in_place(folder, tmp_path / "figures") for name, folder in folders.items()}
        shutil.rmtree(tmp_path / "drawn")
        return became

    return draw


def write(folder, name, **columns):
    pd.DataFrame(columns).to_parquet(folder / f"{name}.parquet")


def put_in_place(folder, figures) -> str:
    """As the rule `figure` does: the failure, "drawn" or "up to date"."""
    for kind in KINDS:
        (figures / f"{folder.name}.{kind}").unlink(missing_ok=True)
    if (folder / "failed").exists():
        return (folder / "failed").read_text()
    for kind in KINDS:
        shutil.move(folder / f"{folder.name}.{kind}", figures)
    return (folder / "log").read_text().strip() or "drawn"


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "figures").iterdir())}


def test_only_what_changed_is_drawn_again(draw, tmp_path):
    figures, still = (line, bars, text), {"line": "up to date", "bars": "up to date", "text": "up to date"}
    assert draw(*figures) == dict.fromkeys(still, "drawn")
    first = contents(tmp_path)
    assert draw(*figures) == still
    assert draw(*figures, line="edited") == still | {"line": "drawn"}
    assert draw(*figures, line="edited") == still
    write(tmp_path, "theory", factor=[0.5, 3.0])
    assert draw(*figures, line="edited") == still | {"bars": "drawn"}
    (tmp_path / "figures/text.zh.png").unlink()
    assert draw(*figures, line="edited") == still | {"text": "drawn"}
    (tmp_path / "figures/line.en.svg").write_text("<svg")
    assert draw(*figures, line="edited") == still | {"line": "drawn"}
    assert {name for name, content in contents(tmp_path).items() if content != first[name]} == {
        f"bars.{language}.{kind}" for language in ("en", "zh") for kind in ("png", "svg")
    }


def test_a_figure_that_fails_is_named_with_its_log_and_the_others_are_drawn(draw, tmp_path):
    became = draw(line, broken, quits, text)
    assert became["broken"] == "initbench: figure broken failed: no width (log: results/logs/figures/broken.log)\n"
    assert "figure quits failed: out of here" in became["quits"]
    assert became["line"] == became["text"] == "drawn"
    assert not list(tmp_path.glob("figures/broken.*"))
    again = draw(line, broken, quits, text)
    assert again == became | {"line": "up to date", "text": "up to date"}


def test_a_figure_may_read_only_the_tables_that_it_names(draw):
    def text(tables, words):
        return line(tables, words)

    assert "the table 'runs' was not asked for" in draw(text, line)["text"]


def test_a_figure_is_the_same_bytes_in_any_company(draw, tmp_path):
    draw(bars)
    alone = contents(tmp_path)
    draw(line, text, bars, bars="edited")
    assert {name: content for name, content in contents(tmp_path).items() if name in alone} == alone


def test_the_same_frame_read_by_two_figures_is_not_changed_by_one_of_them(draw, tmp_path):
    def bars(tables, words):
        frame = tables.read("theory")
        frame["factor"] = 0.0
        frame.loc[0, "factor"] = 7.0
        return text(tables, words)

    write(tmp_path, "runs", loss=[1.0, 2.0])
    draw(line)
    alone = contents(tmp_path)["line.en.svg"]
    draw(bars, line, line="edited")
    assert contents(tmp_path)["line.en.svg"] == alone


def test_both_languages_and_what_they_say_are_written(draw, tmp_path):
    draw(text)
    said = json.loads((tmp_path / "figures/text.json").read_text(encoding="utf-8"))
    assert said == {
        "shown": True,
        "width": "page",
        "en": {"title": "hidden layers", "caption": "Text.", "alt": "A word."},
        "zh": {"title": "隐藏层数", "caption": "Text.", "alt": "A word."},
    }
    assert (tmp_path / "figures/text.en.svg").read_bytes() != (tmp_path / "figures/text.zh.svg").read_bytes()


def test_a_figure_with_nothing_to_show_is_marked_so_and_blank(draw, tmp_path):
    def text(tables, words):
        return None

    assert draw(text) == {"text": "drawn"}
    assert json.loads((tmp_path / "figures/text.json").read_text())["shown"] is False
    assert len((tmp_path / "figures/text.en.svg").read_bytes()) < 2000


def test_no_id_is_in_two_pictures_and_every_reference_has_one(draw, tmp_path):
    draw(line, bars, text)
    ids = []
    for path in sorted((tmp_path / "figures").glob("*.svg")):
        svg = path.read_text(encoding="utf-8")
        ids += (own := re.findall(r'\bid="([^"]+)"', svg))
        assert set(re.findall(r"(?:href=\"#|url\(#)([^\")]+)", svg)) <= set(own)
        assert svg.startswith("<svg ")
        assert max((len(digits) for digits in re.findall(r"\d\.(\d+)", re.sub(r">[^<]*<", "><", svg))), default=0) <= 2
    assert ids
    assert len(ids) == len(set(ids))


def test_one_process_draws_many_and_every_extension_has_its_own():
    found = dict(groups(figures_in_order(), ("runs", "history", "signal", "layers")))
    assert {
        name for name, members in found.items() for figure in members if set(figure.tables) <= {"runs", "layers"}
    } == {"measured"}
    assert sum(map(len, found.values())) == len(figures_in_order())
    assert len(found) == 2
    assert not any(name.startswith(EXTENSION) for name in found)


def test_a_study_of_two_data_sets_has_a_figure_of_each_from_its_rows_alone(tmp_path):
    write(tmp_path, "runs", loss=[1.0, 2.0, 3.0], dataset=["a", "b", "b"])

    def rows(tables, words):
        figure, axes = panels([0], [0])
        losses = tables.read("runs", ["loss"], [("loss", ">", 0)])
        axes[0, 0].plot(losses["loss"])
        return Drawn(figure, f"{losses['loss'].tolist()}", "Of runs.", "Rows.")

    both = Figure("both", ("runs",), rows, over_data_sets=True)
    for figure in (Figure("each", ("runs",), rows), both):
        write_figure(figure, Tables({"runs": str(tmp_path / "runs.parquet")}), tmp_path, ["a", "b"])
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*") if path.suffix != ".parquet"}
    assert found == {*files_of(Figure("each", ("runs",), rows), ["a", "b"]), *files_of(both, ["a", "b"])}
    assert said(tmp_path / "each.json") == ("[1.0]", ["b"])
    assert said(tmp_path / "each/b.json") == ("[2.0, 3.0]", None)
    assert said(tmp_path / "both.json") == ("[1.0, 2.0, 3.0]", None)


def said(path):
    texts = json.loads(path.read_text(encoding="utf-8"))
    return texts["en"]["title"], texts.get("others")


def test_of_several_data_sets_all_files_are_looked_after(tmp_path):
    figure = Figure("text", (), text)
    product = picture(figure, {}, "first", str(tmp_path / "record.json"), str(tmp_path), ["a", "b"])
    draw_group([figure], Tables({}), [product], {"text": tmp_path / "drawn"}, str(tmp_path), "logs", ["a", "b"])
    assert {path.name for path in (tmp_path / "drawn/text").iterdir()} == {f"b.{kind}" for kind in KINDS}
    for file in files_of(figure, ["a", "b"]):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.move(tmp_path / "drawn" / file, tmp_path / file)
    shutil.rmtree(tmp_path / "drawn")
    draw_group([figure], Tables({}), [product], {"text": tmp_path / "drawn"}, str(tmp_path), "logs", ["a", "b"])
    assert (tmp_path / "drawn/log").read_text() == "up to date\n"
    assert (tmp_path / "drawn/text/b.en.svg").is_file()


def test_a_figure_of_tables_that_name_no_data_set_is_shown_once(tmp_path):
    write(tmp_path, "runs", loss=[1.0, 2.0])
    figure = Figure("line", ("runs",), line)
    write_figure(figure, Tables({"runs": str(tmp_path / "runs.parquet")}), tmp_path, ["a", "b"])
    shown = [json.loads((tmp_path / file).read_text())["shown"] for file in ("line.json", "line/b.json")]
    assert shown == [True, False]
