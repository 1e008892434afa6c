# The shared file system.
package spectrum.files

import rego.v1

at(rule, id, path, message) := make_diag_at(rule, "ERROR", id, sprintf("Properties.%s", [path]), message)

systems contains id if some id in resources_of_type("AWS::EFS::FileSystem")

found(id) := input.resources[id].properties

listed(value) := value if is_array(value)

listed(value) := [value] if not is_array(value)

statements(id) := object.get(object.get(found(id), "FileSystemPolicy", {}), "Statement", [])

violation contains at("SPECTRUM-F01", id, "ProvisionedThroughputInMibps", "provisioned throughput needs its amount") if {
	some id in systems
	found(id).ThroughputMode == "provisioned"
	not found(id).ProvisionedThroughputInMibps
}

violation contains at("SPECTRUM-F02", id, "PerformanceMode", "elastic throughput excludes the performance mode maxIO") if {
	some id in systems
	found(id).ThroughputMode == "elastic"
	object.get(found(id), "PerformanceMode", "generalPurpose") == "maxIO"
}

violation contains at("SPECTRUM-F03", id, "Encrypted", "the file system is encrypted") if {
	some id in systems
	not object.get(found(id), "Encrypted", false) in {true, "true"}
}

# Permissions of one account add up: an Allow of these to anyone undoes the read-only roles of the nodes.
violation contains at("SPECTRUM-F04", id, "FileSystemPolicy", "no statement may allow writing or acting as root") if {
	some id in systems
	some statement in statements(id)
	statement.Effect == "Allow"
	some action in listed(statement.Action)
	action in {"elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess", "elasticfilesystem:*", "*"}
}

required_denials := {"elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientMount", "*"}

violation contains at("SPECTRUM-F05", id, "FileSystemPolicy", sprintf("no statement denies %v", [action])) if {
	some id in systems
	denied := {action | some statement in statements(id); statement.Effect == "Deny"; some action in listed(statement.Action)}
	some action in required_denials - denied
}
