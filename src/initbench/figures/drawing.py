"""Drawing a study's figures: in one process those that are out of date, and no others; one that fails stops none.

Of a figure there is a picture a language, as SVG and PNG, and a JSON file with its texts, which says whether the study has
something to show: where it has not, the pictures are blank. In a study of several data sets they are of the first, by name, and
a folder of the figure's name holds those of the others. The files are made in a folder of its own, from which the workflow moves
them to where they stay.
"""

import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from initbench.base.catalogue import LANGUAGES, Words
from initbench.base.log import failure, written_to
from initbench.base.registry import EXTENSION, home_of
from initbench.base.renewal import Product, file_digest, renew
from initbench.figures import Drawn, Figure
from initbench.figures.style import blank, save, style, width_of
from initbench.tables.views import Tables

KINDS = (*(f"{language}.{kind}" for language in LANGUAGES for kind in ("svg", "png")), "json")
LOG, FAILED = "log", "failed"


def groups(figures: Iterable[Figure], measured: Collection[str]) -> Iterator[tuple[str, list[Figure]]]:
    """The figures that one process draws, group by group: those of `measured` tables alone, the other ones, and those of
    each extension."""
    grouped: dict[str, list[Figure]] = {}
    for figure in figures:
        home = home_of(figure) or ""
        own = "extension_" + home.removeprefix(EXTENSION) if home.startswith(EXTENSION) else None
        shared = "measured" if set(figure.tables) <= set(measured) else "analysed"
        grouped.setdefault(own or shared, []).append(figure)
    yield from grouped.items()


def files_of(figure: Figure, data_sets: Sequence[str] = ()) -> list[str]:
    """The files of a figure in the folder of figures, those of the first data set first."""
    others = data_sets[1:] if figure.of_one_data_set else ()
    stems = [figure.name, *(f"{figure.name}/{name}" for name in others)]
    return [f"{stem}.{kind}" for stem in stems for kind in KINDS]


def picture(
    figure: Figure, paths: Mapping[str, str], code: str, record: str, standing: str, data_sets: Sequence[str] = ()
) -> Product:
    """The files of a figure in the folder `standing`. paths: of its tables. code: digest of its code.

    record: path of the JSON file that says of each figure what it was made from.
    """
    files = tuple(f"{standing}/{file}" for file in files_of(figure, data_sets))
    return Product(record, figure.name, files, code, tuple(paths[name] for name in figure.tables))


def draw_group(
    figures: Iterable[Figure],
    tables: Tables,
    pictures: Iterable[Product],
    folders: Mapping[str, str],
    standing: str,
    logs: str,
    data_sets: Sequence[str] = (),
) -> None:
    """Put the files of each figure, and a log, into its folder of `folders`, or `failed`, which says why there are none.

    What is up to date is taken from the folder `standing`. pictures: the files of each figure there, and what they are made
    from. logs: the folder in which logs will lie.
    """  # fmt: skip
    known = {figure.name: figure for figure in figures}

    def make(name: str) -> list[str] | None:
        return _drawn(known[name], tables, Path(folders[name]), Path(logs, f"{name}.log"), data_sets)

    for folder in folders.values():
        Path(folder).mkdir(parents=True, exist_ok=True)
    renew(pictures, make)
    for name in known:
        _take(files_of(known[name], data_sets), Path(standing), Path(folders[name]))


def draw(figure: Figure, tables: Tables, folder: Path, data_sets: Sequence[str] = ()) -> None:
    """Write a figure as SVG and PNG in every language, and what it says: of each data set if there are several."""
    given = replace(tables, paths={name: tables.paths[name] for name in figure.tables})
    if len(data_sets) < 2:
        _write(figure, given, folder / figure.name)
        return
    (folder / figure.name).mkdir()
    if not figure.of_one_data_set:
        _write(figure, given, folder / figure.name)
        return
    first, *others = data_sets
    pictures = _write(figure, replace(given, dataset=first), folder / figure.name, others)
    for name in others:
        _write(figure, replace(given, dataset=name), folder / figure.name / name, unlike=pictures)


def _write(
    figure: Figure, given: Tables, stem: Path, others: Sequence[str] = (), unlike: Sequence[str] = ()
) -> list[str]:
    """Write the files of a figure whose names begin with `stem`; the pictures, as text without what tells their ids apart.

    others: data sets of which there are such files too. unlike: pictures that stand already: nothing is shown if these are the
    same, as those of tables that name no data set are.
    """
    called = "-".join(dict.fromkeys([figure.name, stem.name]))
    said: dict = {"shown": True, "width": "column"} | ({"others": [*others]} if others else {})
    for language in LANGUAGES:
        with style():
            drawn = figure.function(given, Words(language, f"figures.{figure.name}"))
            picture = blank() if drawn is None else drawn.picture
            files = (stem.with_name(f"{stem.name}.{language}.{kind}") for kind in ("svg", "png"))
            save(picture, *files, name=f"{called}-{language}")
        said |= {"shown": said["shown"] and drawn is not None, "width": width_of(picture), language: _texts(drawn)}
    files = [stem.with_name(f"{stem.name}.{language}.svg") for language in LANGUAGES]
    pictures = [file.read_text(encoding="utf-8").replace(f"{called}-", "") for file in files]
    said["shown"] = said["shown"] and pictures != unlike
    said_in = stem.with_name(f"{stem.name}.json")
    said_in.write_text(json.dumps(said, indent=1, ensure_ascii=False), encoding="utf-8")
    return pictures


def _texts(drawn: Drawn | None) -> dict:
    """What a figure says, and what the page draws in motion, if it does."""
    texts = {key: getattr(drawn, key, "") for key in ("title", "caption", "alt")}
    return texts if drawn is None or drawn.moving is None else texts | {"moving": drawn.moving}


def _drawn(figure: Figure, tables: Tables, folder: Path, log: Path, data_sets: Sequence[str]) -> list[str] | None:
    """Draw a figure; digests of its files, or None, with what failed in the folder."""
    try:
        with written_to(folder / LOG):
            draw(figure, tables, folder, data_sets)
    except (Exception, SystemExit) as error:
        (folder / FAILED).write_text(failure(f"figure {figure.name}", error, log) + "\n", encoding="utf-8")
        return None
    return [str(file_digest(folder / file)) for file in files_of(figure, data_sets)]


def _take(files: Iterable[str], standing: Path, folder: Path) -> None:
    """Copy the files of a figure that was up to date into its folder."""
    if (folder / LOG).exists():
        return
    for file in files:
        (folder / file).parent.mkdir(exist_ok=True)
        shutil.copy(standing / file, folder / file)
    (folder / LOG).write_text("up to date\n", encoding="utf-8")
