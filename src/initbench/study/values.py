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


class OwnFile(Section):
    """A data set in a file of your own."""

    name: Name = Field(description="what the tables call it")
    path: str = Field(min_length=1, description="a .csv, .parquet or .npz file")
    label: str = Field(min_length=1, description="column (or array) of integer or string labels")
    features: Annotated[Axis[str] | None, BeforeValidator(_list)] = Field(
        None, description="columns (or arrays) to learn from; all others by default"
    )

    @model_validator(mode="after")
    def _label_is_no_feature(self) -> "OwnFile":
        if self.label in (self.features or ()):
            raise ValueError(f"the label {self.label!r} is among the features")
        return self


def _described(value: Any) -> str:
    return "file" if isinstance(value, dict | OwnFile) else "name"


DataSet = Annotated[Annotated[str, Tag("name")] | Annotated[OwnFile, Tag("file")], Discriminator(_described)]
