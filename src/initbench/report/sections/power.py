"""What a study with so many seeds and schemes can see."""

import pandas as pd

from initbench.analyses.power import ASKED, POWER
from initbench.base.numbers import number, percent


def power(tables, words) -> str | None:
    """The study's own design in a paragraph; None where nothing was trained."""
    designs = tables.read("power")
    own = next(iter(designs[designs["this_study"]].to_dict("records")), None)
    if own is None:
        return None
    alone = int(designs.loc[designs["comparisons"] == 1, "seeds_needed"].iloc[0])
    design = {"seeds": int(own["seeds"]), "schemes": int(own["comparisons"])}
    ask = words(
        "power_ask", asked=f"{ASKED:g}", power=f"{POWER:g}", alone=alone, together=int(own["seeds_needed"]), **design
    )
    space = words.of("terms")("space")
    if pd.notna(own["note"]):
        return words("power_none", needed=int(own["seeds_at_least"]), **design) + space + ask
    found = {
        "p": number(own["smallest_p"]),
        "adjusted": number(own["smallest_p_adjusted"]),
        "shift": number(own["shift"]),
    }
    return words("power_some", wins=percent(own["detectable"]), power=f"{POWER:g}", **found, **design) + space + ask
