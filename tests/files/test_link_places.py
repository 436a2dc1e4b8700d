"""Where the fields and subjects of a linked portfolio are located."""

from __future__ import annotations

import datetime

import pytest

from itgov.files.places import locate

from .small_portfolio import ORGANISATION, RETAIL, SOUND

LAYOUT = """\
business_unit: {id: retail}
investments:
  - id: A
    title: T
    outcome_owner:
    sponsor: ""
    summary: |
      many
      lines
    spend:
      - {year: 2026, budget: 5}
    outcomes:
      # a comment
      - statement: x
        id: x
        baseline: 3
  - {title: "U", id: B, stage: live,
     withheld: {spend: secret}, custom: {tower: Apps}}
  -
    id: C
    title: V
"""


@pytest.mark.parametrize(
    ("index", "field", "place"),
    [
        (0, None, (3, 5, 10)),
        (0, "id", (3, 5, 10)),
        (0, "title", (4, 5, 13)),
        (0, "outcome_owner", (5, 5, 19)),  # there, but blank: that is where the name goes
        (0, "sponsor", (6, 5, 16)),
        (0, "relationship_manager", (3, 5, 10)),  # missing: the subject's first line
        (0, "summary", (7, 5, 15)),
        (0, "spend", (10, 5, 10)),
        (0, "outcomes", (12, 5, 13)),
        (0, "custom.tower", (3, 5, 10)),
        (1, None, (17, 5, 37)),
        (1, "title", (17, 6, 16)),
        (1, "id", (17, 18, 23)),
        (1, "stage", (17, 25, 36)),
        (1, "withheld.spend", (18, 17, 30)),
        (1, "custom.tower", (18, 42, 53)),
        (1, "outcome_owner", (17, 5, 37)),
        (2, None, (20, 5, 10)),
        (2, "stage", (20, 5, 10)),
    ],
)
def test_a_field_is_located_or_its_subject_where_it_is_missing(join, index, field, place):
    joined = join({"retail.yaml": LAYOUT})
    entry = joined.portfolio.units["retail"].investments[index]
    found = locate(joined.linked.documents, entry.source, field)
    assert (found.line, found.column, found.end_column) == place
    assert found.end_line == found.line
    assert found.path == "portfolios/retail.yaml"


def test_outcomes_units_people_and_managers_are_located(join):
    joined = join({"organisation.yaml": ORGANISATION, "retail.yaml": RETAIL + LAYOUT[:0]})
    portfolio, documents = joined.portfolio, joined.linked.documents

    def at(entry, field=None):
        found = locate(documents, entry.source, field)
        return found.line, found.column

    unit = portfolio.units["retail"]
    assert at(unit) == (1, 1)
    assert at(unit, "head") == (4, 3)
    assert at(unit, "engagement_cadence_days") == (1, 1)
    assert at(unit.investments[0].outcomes[0]) == (19, 9)
    assert at(unit.investments[0].outcomes[0], "measure") == (19, 9)
    assert at(unit.engagements[0], "satisfaction.by") == (26, 30)
    assert at(portfolio.people["tom.reyes"], "side") == (5, 32)
    assert at(portfolio.managers["lena.fischer"], "serves") == (8, 5)
    assert at(portfolio.organisation, "currency") == (1, 48)


def test_an_organisation_that_no_file_describes_is_located_somewhere(join):
    joined = join({"retail.yaml": "business_unit: {id: retail}\n"})
    place = locate(joined.linked.documents, joined.portfolio.organisation.source, "name")
    assert place.path.endswith(".yaml")
    assert (place.line, place.column) == (1, 1)


def test_a_unit_known_only_by_its_parts_is_located_there(join):
    joined = join({"x.yaml": "# c\nbusiness_unit: retail\ninvestments: [{id: A, title: B}]\n"})
    place = locate(joined.linked.documents, joined.portfolio.units["retail"].source, "head")
    assert (place.path, place.line) == ("portfolios/x.yaml", 2)


def test_names_in_block_style_lose_their_last_line_end(join):
    text = RETAIL.replace("outcome_owner: amara.okafor", "outcome_owner: >\n      amara.okafor")
    assert join({"organisation.yaml": ORGANISATION, "retail.yaml": text}).findings == []


def test_the_as_of_date_is_the_portfolios(join):
    day = datetime.date(2025, 5, 5)
    assert join(SOUND, today=day).portfolio.today == day
