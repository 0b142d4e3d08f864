"""What the models of the configuration are made of: numbers, lists of different values, sections, described files."""

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from initbench.study.cells import FIRST_TUNING_SEED
from initbench.study.reading import number, whole_number

T = TypeVar("T")
NAME_PATTERN = "^[a-z][a-z0-9_]*$"


def _different(values: list[T]) -> list[T]:
    for i, value in enumerate(values):
        if value in values[:i]:
            shown = value.model_dump() if isinstance(value, BaseModel) else value
            raise ValueError(f"{shown!r} stands in the list twice")
    return values


def _list(value: object) -> object:
    """One name for a list of it."""
    return [value] if isinstance(value, str) else value


WHOLE, NUMBER = BeforeValidator(whole_number), BeforeValidator(number)
Whole = Annotated[int, WHOLE]
Number = Annotated[float, NUMBER]
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
MOST = FIRST_TUNING_SEED - 1  # of what is counted
LARGEST_SEED = 2**63 - 1
Different = Annotated[list[T], Field(json_schema_extra={"uniqueItems": True}), AfterValidator(_different)]
Axis = Annotated[Different[T], Field(min_length=1)]


class Section(BaseModel):
    """Keys that belong together: no other key is allowed, numbers are finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


Names = Annotated[Axis[str] | None, BeforeValidator(_list)]
Features = Annotated[Names, Field(description="columns (or arrays) to learn from; all others by default")]
Drop = Annotated[Names, Field(description="columns to leave out, such as identifiers")]
Categories = Annotated[Names, Field(description="columns of numbers that are names of categories, such as codes")]


class OwnTable(Section):
    """A table of your own, wherever it comes from: each of its columns has one part."""

    @model_validator(mode="after")
    def _columns_have_one_part(self) -> "OwnTable":
        parts = {key: getattr(self, key) or () for key in ("features", "drop", "categories")}
        label = getattr(self, "label", None)
        for key, names in parts.items():
            if label in names:
                raise ValueError(
                    f"the label {label!r} is among the {key}" if key != "drop" else f"the label {label!r} is in drop"
                )
        if both := sorted({*parts["features"], *parts["categories"]} & {*parts["drop"]}):
            raise ValueError(f"{both[0]!r} is among the features or categories, and in drop")
        return self


class OwnFile(OwnTable):
    """A data set in a file of your own."""

    name: Name = Field(description="what the tables call it")
    path: str = Field(min_length=1, description="a .csv, .tsv, .txt (or these with .gz), .parquet or .npz file")
    label: str = Field(min_length=1, description="column (or array) of integer or string labels")
    features: Features = None
    drop: Drop = None
    categories: Categories = None


class OpenML(OwnTable):
    """A data set at OpenML."""

    name: Name = Field(description="what the tables call it")
    openml: str = Field(min_length=1, description="its name at OpenML")
    version: Annotated[int, Field(ge=1), WHOLE] = Field(
        description="which of those of that name; versions do not change"
    )
    label: str | None = Field(None, min_length=1, description="column of the labels; OpenML's target by default")
    features: Features = None
    drop: Drop = None
    categories: Categories = None
    md5: str | None = Field(
        None, pattern="^[0-9a-f]{32}$", description="sum that the file must have; compared if given"
    )


KINDS_OF_DATA = ("name", "file", "openml")  # in the order of the schema


def kind_of_data(value: Any) -> str:
    """Whether a data set is given by a name, as a file, or as one at OpenML."""
    if isinstance(value, OpenML) or (isinstance(value, dict) and "openml" in value):
        return "openml"
    return "file" if isinstance(value, dict | OwnFile) else "name"


DataSet = Annotated[
    Annotated[str, Tag("name")] | Annotated[OwnFile, Tag("file")] | Annotated[OpenML, Tag("openml")],
    Discriminator(kind_of_data),
]
