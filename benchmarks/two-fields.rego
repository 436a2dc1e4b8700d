package main

import rego.v1

deny contains message if {
	some index, item in input.investments
	some field in ["outcome_owner", "relationship_manager"]
	not item[field]
	message := sprintf("%s is missing in investments[%d]", [field, index])
}
