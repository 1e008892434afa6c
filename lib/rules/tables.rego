# DynamoDB tables.
package spectrum.tables

import rego.v1

at(rule, id, path, message) := make_diag_at(rule, "ERROR", id, sprintf("Properties.%s", [path]), message)

tables contains id if some id in resources_of_type("AWS::DynamoDB::GlobalTable")

found(id) := input.resources[id].properties

replica_regions(id) := {replica.Region | some replica in found(id).Replicas}

is_strong(id) if object.get(found(id), "MultiRegionConsistency", "EVENTUAL") == "STRONG"

key_names(id) := {key.AttributeName | some key in found(id).KeySchema} | {key.AttributeName |
	some list in {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"}
	some index in object.get(found(id), list, [])
	some key in index.KeySchema
}

defined_names(id) := {attribute.AttributeName | some attribute in found(id).AttributeDefinitions}

violation contains at("SPECTRUM-T01", id, "AttributeDefinitions", sprintf("the key attribute %v is not defined", [name])) if {
	some id in tables
	some name in key_names(id) - defined_names(id)
}

violation contains at("SPECTRUM-T02", id, "AttributeDefinitions", sprintf("the attribute %v is defined and no key uses it", [name])) if {
	some id in tables
	some name in defined_names(id) - key_names(id)
}

violation contains at("SPECTRUM-T03", id, "TimeToLiveSpecification", "strong consistency over regions excludes expiry") if {
	some id in tables
	is_strong(id)
	found(id).TimeToLiveSpecification.Enabled in {true, "true"}
}

violation contains at("SPECTRUM-T04", id, "Replicas", "strong consistency needs exactly three regions, one of them perhaps a witness") if {
	some id in tables
	is_strong(id)
	count(replica_regions(id)) + count(object.get(found(id), "GlobalTableWitnesses", [])) != 3
}

# DynamoDB developer guide, regions with multi-region strong consistency.
strong_regions := {
	"us-east-1", "us-east-2", "us-west-2",
	"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1",
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
}

violation contains at("SPECTRUM-T05", id, "Replicas", sprintf("%v does not offer strong consistency over regions", [region])) if {
	some id in tables
	is_strong(id)
	some region in replica_regions(id) - strong_regions
}

violation contains at("SPECTRUM-T06", id, "BillingMode", "the table is billed on demand; provisioned capacity would have to be given for every replica") if {
	some id in tables
	object.get(found(id), "BillingMode", "PROVISIONED") != "PAY_PER_REQUEST"
}

# The stack's description ends with its region (lib/deployment.ts).
violation contains at("SPECTRUM-T07", id, "Replicas", "the stack's own region is not among the replicas") if {
	some id in tables
	description := input.template.description
	home := [region | some region in replica_regions(id); endswith(description, sprintf(" in %s", [region]))]
	count(home) == 0
}

violation contains at("SPECTRUM-T08", id, "StreamSpecification", "replication needs the stream of old and new images") if {
	some id in tables
	not is_strong(id)
	count(replica_regions(id)) > 1
	object.get(object.get(found(id), "StreamSpecification", {}), "StreamViewType", "NONE") != "NEW_AND_OLD_IMAGES"
}

violation contains at("SPECTRUM-T09", id, "Replicas", sprintf("the copy in %v can be deleted or not be restored", [replica.Region])) if {
	some id in tables
	some replica in found(id).Replicas
	not is_guarded(replica)
}

is_guarded(replica) if {
	replica.DeletionProtectionEnabled in {true, "true"}
	replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled in {true, "true"}
}
