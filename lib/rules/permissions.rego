# Permissions: a misspelt action is accepted by IAM's own checks and allows nothing.
package spectrum.permissions

import rego.v1

at(rule, id, message) := make_diag_at(rule, "ERROR", id, "Properties", message)

listed(value) := value if is_array(value)

listed(value) := [value] if not is_array(value)

# Every action that any policy of this product names. A new one is a visible line here.
known_actions := {
	"dynamodb:DeleteItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan",
	"dynamodb:UpdateItem",
	"ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
	"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
	"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer",
	"ecs:DescribeServices", "ecs:DescribeTasks", "ecs:GetTaskProtection", "ecs:ListTasks", "ecs:RunTask", "ecs:StopTask",
	"ecs:UpdateTaskProtection",
	"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite",
	"elasticloadbalancing:DescribeTargetHealth",
	"events:DescribeRule", "events:PutRule", "events:PutTargets",
	"iam:PassRole",
	"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKey*", "kms:ReEncrypt*",
	"lambda:InvokeFunction",
	"logs:CreateLogDelivery", "logs:CreateLogStream", "logs:DeleteLogDelivery", "logs:DescribeLogGroups",
	"logs:DescribeLogStreams", "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
	"logs:PutLogEvents", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
	"s3:AbortMultipartUpload", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListMultipartUploadParts", "s3:PutObject",
	"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue",
	"sqs:SendMessage",
	"states:DescribeExecution", "states:RedriveExecution", "states:StartExecution", "states:StopExecution",
	"xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
}

policies[id] := statement_list if {
	some kind in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}
	some id in resources_of_type(kind)
	statement_list := listed(input.resources[id].properties.PolicyDocument.Statement)
}

violation contains at("SPECTRUM-P01", id, sprintf("%v is not an action that this product uses; add it to lib/rules/permissions.rego if it is meant", [action])) if {
	some id, statement_list in policies
	some statement in statement_list
	some action in listed(statement.Action)
	not action in known_actions
}

violation contains at("SPECTRUM-P02", id, "a policy allows what it names; NotAction and NotResource allow the rest") if {
	some id, statement_list in policies
	some statement in statement_list
	some word in {"NotAction", "NotResource"}
	statement[word]
}

# Writing and stopping are bounded by a resource or a condition, whatever the service allows.
violation contains at("SPECTRUM-P03", id, sprintf("%v on every resource needs a condition", [action])) if {
	some id, statement_list in policies
	some statement in statement_list
	statement.Effect == "Allow"
	"*" in listed(statement.Resource)
	not statement.Condition
	some action in listed(statement.Action)
	action in {
		"dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "ecs:RunTask", "ecs:UpdateTaskProtection",
		"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "iam:PassRole", "kms:Decrypt", "lambda:InvokeFunction",
		"s3:GetObject", "s3:PutObject", "secretsmanager:GetSecretValue", "sqs:SendMessage",
	}
}

# The folder of an access point is what keeps clusters, and readers and writers, apart.
violation contains at("SPECTRUM-P04", id, sprintf("%v is allowed through one access point, named by the condition elasticfilesystem:AccessPointArn", [action])) if {
	some id, statement_list in policies
	some statement in statement_list
	statement.Effect == "Allow"
	some action in listed(statement.Action)
	action in {"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"}
	not statement.Condition.StringEquals["elasticfilesystem:AccessPointArn"]
}
