"""A portfolio of one unit in which everything refers to what is there."""

from __future__ import annotations

ORGANISATION = """\
organisation: {id: northwind, name: Northwind, currency: GBP}
people:
  - {id: amara.okafor, name: Amara, side: business, business_unit: retail}
  - {id: lena.fischer, name: Lena, side: it}
  - {id: tom.reyes, name: Tom, side: it}
relationship_managers:
  - person: lena.fischer
    serves: [retail]
    reports_to: amara.okafor
    measured_by: [RET-001/cycle-time]
"""

RETAIL = """\
business_unit:
  id: retail
  name: Retail
  head: amara.okafor
  relationship_manager: lena.fischer
  objectives:
    - {id: faster-claims, statement: Faster}
investments:
  - id: RET-001
    title: Claims
    outcome_owner: amara.okafor
    relationship_manager: lena.fischer
    sponsor: amara.okafor
    delivery_lead: tom.reyes
    confidence_by: tom.reyes
    objective: faster-claims
    gates: [{gate: business-case, approved_by: amara.okafor}]
    outcomes:
      - {id: cycle-time}
    waivers:
      - {rule: VAL-004, approved_by: amara.okafor}
engagements:
  - date: 2026-10-12
    by: lena.fischer
    with: [amara.okafor]
    satisfaction: {score: 4, by: amara.okafor}
    opportunities: [{id: kiosk, investment: RET-001}]
    actions: [{what: Confirm, owner: amara.okafor}]
"""

SOUND = {"organisation.yaml": ORGANISATION, "retail.yaml": RETAIL}
