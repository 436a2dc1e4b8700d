package main

deny contains message if {
	some index, item in input.investments
	some field in ["outcome_owner", "relationship_manager"]
	not item[field]
	message := sprintf("investments[%d].%s is missing", [index, field])
}
