"""The templates of the explorer."""

import jinja2


def template(name: str) -> jinja2.Template:
    """A template of the report, which escapes all that it is given."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("initbench.report"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(name)
