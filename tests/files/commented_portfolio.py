"""A portfolio with comments, gaps and forms of many kinds, as people write it."""

from __future__ import annotations

ORGANISATION = """\
organisation: {id: northwind, name: Northwind}
people:
  - {id: amara.okafor, name: Amara Okafor, side: business}
  - {id: lena.fischer, name: Lena Fischer, side: it}
relationship_managers:
  - person: lena.fischer
    serves: [retail]
"""
RETAIL = """\
# the retail side
business_unit:
  id: retail
  head: amara.okafor   # since 2024
investments:
  # the first
  - id: RET-001
    title: "Claims"
    stage: delivering
    outcome_owner:   # who?
    outcomes:
      - id: cycle
        measure: Days
        results:
          - {date: 2026-01-31, actual: 9}
          # a gap
          - {date: 2026-06-30, actual: 7}
      - {id: calls, results: []}
    waivers: []
    custom: {tower: Apps}

  - {id: RET-002, title: Kiosks}
engagements:
  - date: 2026-01-10
    kind: review
    opportunities:
      - {id: kiosk, state: raised}
    actions:
      - {what: Count the kiosks, owner: lena.fischer}
  - date: 2026-03-10
"""
FILES = {"organisation.yaml": ORGANISATION, "retail.yaml": RETAIL}
