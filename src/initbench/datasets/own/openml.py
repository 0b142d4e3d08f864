"""A table from OpenML, by name and version, through scikit-learn: fetched once, kept in its data home."""

import warnings
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError

from initbench.datasets.own.raw import FaultsError, Raw

RETRIES, DELAY = 1, 0.5  # of a request that fails; seconds between
PARSER = "liac-arff"  # the other one fails with pandas 3 on categories that are numbers


def read_openml(source: Mapping[str, Any]) -> Raw:
    """The columns of a table at OpenML, from scikit-learn's data home if it was fetched before.

    Versions at OpenML do not change, and scikit-learn compares the file with the MD5 sum that OpenML states; `md5` of the source
    must be that sum, if given. Raises FaultsError, with what to do, where there is no network or no such table.
    """
    import pyarrow as pa

    bunch = _fetched(source["openml"], source["version"])
    found = bunch.details.get("md5_checksum")
    if source.get("md5") and source["md5"] != found:
        raise FaultsError(f"md5 is {source['md5']!r}, but that of version {source['version']} is {found!r}")
    frame = bunch.frame
    label = source.get("label") or (bunch.target_names or [None])[0]
    if not source.get("label") and len(bunch.target_names or ()) > 1:
        raise FaultsError(f"it has the targets {', '.join(map(repr, bunch.target_names))}: name one as label")
    columns = [pa.array(frame[name], from_pandas=True) for name in frame]
    read_as = f"OpenML {source['openml']}, version {source['version']}, MD5 {found}"
    return Raw([str(name) for name in frame], columns, read_as, label=label)


def _fetched(name: str, version: int) -> Any:
    from sklearn.datasets import fetch_openml, get_data_home

    what = f"version {version} of {name!r} at OpenML"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of versions that OpenML keeps but advises against, and of each request again
            return fetch_openml(name, version=version, as_frame=True, parser=PARSER, n_retries=RETRIES, delay=DELAY)
    except HTTPError as error:
        raise FaultsError(f"{what}: OpenML answers: {error}; is there such a data set?") from None
    except (URLError, TimeoutError) as error:
        once = f'python -c "from sklearn.datasets import fetch_openml; fetch_openml({name!r}, version={version})"'
        raise FaultsError(
            f"{what} is not in scikit-learn's data home, {get_data_home()}, and cannot be fetched: "
            f"{getattr(error, 'reason', error)}; run {once} where there is a network, or set SCIKIT_LEARN_DATA"
        ) from None
    except ValueError as error:  # unknown names, and files whose MD5 sum is another
        raise FaultsError(f"{what}: {' '.join(str(error).split())}") from None
