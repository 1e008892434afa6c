# Networks and who may call whom.
package spectrum.network

import rego.v1

at(rule, id, path, message) := make_diag_at(rule, "ERROR", id, sprintf("Properties.%s", [path]), message)

# VPC user guide, VPC CIDR blocks: /16 to /28.
violation contains at("SPECTRUM-N01", id, "CidrBlock", "a VPC has a range from /16 to /28") if {
	some id in resources_of_type("AWS::EC2::VPC")
	prefix := to_number(split(input.resources[id].properties.CidrBlock, "/")[1])
	not prefix_fits(prefix)
}

prefix_fits(prefix) if {
	prefix >= 16
	prefix <= 28
}

inline_rules[id] := rules if {
	some id in resources_of_type("AWS::EC2::SecurityGroup")
	rules := object.get(input.resources[id].properties, "SecurityGroupIngress", [])
}

lone_rules[id] := [input.resources[id].properties] if some id in resources_of_type("AWS::EC2::SecurityGroupIngress")

all_rules := object.union(inline_rules, lone_rules)

# Ports that anything in this product listens on.
open_ports := {80, 443, 2049, 8080, 8081}

violation contains at("SPECTRUM-N02", id, "SecurityGroupIngress", sprintf("ports %v to %v are nothing that this product listens on", [rule.FromPort, rule.ToPort])) if {
	some id, rules in all_rules
	some rule in rules
	not is_known_port(rule)
}

is_known_port(rule) if {
	to_number(rule.FromPort) == to_number(rule.ToPort)
	to_number(rule.FromPort) in open_ports
	rule.IpProtocol == "tcp"
}

# Address ranges may reach a balancer (80, 443) or an endpoint (443), never a node or a file system.
violation contains at("SPECTRUM-N03", id, "SecurityGroupIngress", "nodes and files are opened to security groups, not to address ranges") if {
	some id, rules in all_rules
	some rule in rules
	rule.CidrIp
	not to_number(rule.FromPort) in {80, 443}
}

violation contains at("SPECTRUM-N04", id, "MapPublicIpOnLaunch", "no subnet gives public addresses by itself") if {
	some id in resources_of_type("AWS::EC2::Subnet")
	object.get(input.resources[id].properties, "MapPublicIpOnLaunch", false) in {true, "true"}
}
