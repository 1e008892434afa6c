# Schedules, state machines, alarms, logs.
package spectrum.operations

import rego.v1

at(rule, id, path, message) := make_diag_at(rule, "ERROR", id, sprintf("Properties.%s", [path]), message)

found(id) := input.resources[id].properties

# EventBridge Scheduler user guide, schedule types.
schedule_forms := [
	`^rate\(([1-9][0-9]*) (minute|minutes|hour|hours|day|days)\)$`,
	`^cron\(\S+ \S+ \S+ \S+ \S+ \S+\)$`,
	`^at\([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\)$`,
]

violation contains at("SPECTRUM-O01", id, "ScheduleExpression", "not a schedule: use rate(1 minute), cron(…) or at(…)") if {
	some id in resources_of_type("AWS::Scheduler::Schedule")
	expression := found(id).ScheduleExpression
	not matches_any(expression)
}

matches_any(expression) if {
	some form in schedule_forms
	regex.match(form, expression)
}

definition(id) := json.unmarshal(text) if {
	text := found(id).DefinitionString
	is_string(text)
}

definition(id) := json.unmarshal(trim_prefix(text, "Join:")) if text := found(id).DefinitionString.__dynamic

machines[id] := found_definition if {
	some id in resources_of_type("AWS::StepFunctions::StateMachine")
	found_definition := definition(id)
}

violation contains at("SPECTRUM-O02", id, "DefinitionString", "the definition is not JSON") if {
	some id in resources_of_type("AWS::StepFunctions::StateMachine")
	not machines[id]
}

violation contains at("SPECTRUM-O03", id, "DefinitionString", sprintf("StartAt names the unknown state %v", [found_definition.StartAt])) if {
	some id, found_definition in machines
	not found_definition.States[found_definition.StartAt]
}

violation contains at("SPECTRUM-O04", id, "DefinitionString", sprintf("%v goes on to the unknown state %v", [name, next])) if {
	some id, found_definition in machines
	some name, state in found_definition.States
	some next in followers(state)
	not found_definition.States[next]
}

followers(state) := (({next | next := state.Next} | {next | next := state.Default}) | {branch.Next | some branch in branches(state)})

branches(state) := array.concat(object.get(state, "Catch", []), object.get(state, "Choices", []))

violation contains at("SPECTRUM-O05", id, "DefinitionString", "a state machine ends by a time limit at the latest") if {
	some id, found_definition in machines
	not found_definition.TimeoutSeconds
}

violation contains at("SPECTRUM-O06", id, "AlarmActions", "an alarm tells somebody, and says which article of the runbook to read") if {
	some id in resources_of_type("AWS::CloudWatch::Alarm")
	not is_useful(found(id))
}

is_useful(alarm) if {
	count(alarm.AlarmActions) > 0
	regex.match(`docs/runbook\.md#[a-z-]+$`, alarm.AlarmDescription)
}

violation contains at("SPECTRUM-O07", id, "RetentionInDays", "a log group expires and is encrypted with the deployment's key") if {
	some id in resources_of_type("AWS::Logs::LogGroup")
	not is_kept_well(found(id))
}

is_kept_well(group) if {
	group.RetentionInDays
	group.KmsKeyId
}

# What cannot be made again from settings stays when its stack goes.
kept_types := {
	"AWS::Backup::BackupVault",
	"AWS::DynamoDB::GlobalTable",
	"AWS::EFS::FileSystem",
	"AWS::KMS::Key",
	"AWS::S3::Bucket",
	"AWS::SecretsManager::Secret",
}

violation contains make_diag_at("SPECTRUM-O08", "ERROR", id, "DeletionPolicy", "data would be deleted with its stack or when it is replaced") if {
	some kind in kept_types
	some id in resources_of_type(kind)
	not is_kept(input.resources[id])
}

is_kept(resource) if {
	resource.deletionPolicy == "Retain"
	resource.updateReplacePolicy == "Retain"
}
