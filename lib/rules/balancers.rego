# Load balancers and target groups.
package spectrum.balancers

import rego.v1

at(rule, id, path, message) := make_diag_at(rule, "ERROR", id, sprintf("Properties.%s", [path]), message)

groups contains id if some id in resources_of_type("AWS::ElasticLoadBalancingV2::TargetGroup")

balancers contains id if some id in resources_of_type("AWS::ElasticLoadBalancingV2::LoadBalancer")

attributes(id, list) := {attribute.Key: attribute.Value | some attribute in object.get(input.resources[id].properties, list, [])}

# Elastic Load Balancing API reference, TargetGroupAttribute, those of application load balancers.
known_group_attributes := {
	"deregistration_delay.timeout_seconds",
	"stickiness.enabled",
	"stickiness.type",
	"load_balancing.cross_zone.enabled",
	"load_balancing.algorithm.type",
	"load_balancing.algorithm.anomaly_mitigation",
	"slow_start.duration_seconds",
	"stickiness.app_cookie.cookie_name",
	"stickiness.app_cookie.duration_seconds",
	"stickiness.lb_cookie.duration_seconds",
	"target_group_health.dns_failover.minimum_healthy_targets.count",
	"target_group_health.dns_failover.minimum_healthy_targets.percentage",
	"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
	"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
}

violation contains at("SPECTRUM-B01", id, "TargetGroupAttributes", sprintf("%v is not an attribute of a target group", [key])) if {
	some id in groups
	some key, _ in attributes(id, "TargetGroupAttributes")
	not key in known_group_attributes
}

violation contains at("SPECTRUM-B02", id, "TargetGroupAttributes", "slow start works with round robin only") if {
	some id in groups
	found := attributes(id, "TargetGroupAttributes")
	to_number(object.get(found, "slow_start.duration_seconds", "0")) > 0
	object.get(found, "load_balancing.algorithm.type", "round_robin") != "round_robin"
}

violation contains at("SPECTRUM-B03", id, "HealthCheckTimeoutSeconds", "a health check must time out before the next one starts") if {
	some id in groups
	found := input.resources[id].properties
	to_number(found.HealthCheckTimeoutSeconds) >= to_number(found.HealthCheckIntervalSeconds)
}

violation contains at("SPECTRUM-B04", id, "TargetType", "Fargate tasks are targets by address (ip)") if {
	some id in groups
	input.resources[id].properties.TargetType != "ip"
}

# A node keeps serving while it drains; it must not be killed before the balancer lets go of it.
violation contains at("SPECTRUM-B05", id, "TargetGroupAttributes", "the deregistration delay leaves no time within the stop timeout of 120 s") if {
	some id in groups
	delay := object.get(attributes(id, "TargetGroupAttributes"), "deregistration_delay.timeout_seconds", "300")
	to_number(delay) > 90
}

violation contains at("SPECTRUM-B06", id, "HealthCheckPath", "the health check asks /health/ready on the health port") if {
	some id in groups
	found := input.resources[id].properties
	not [object.get(found, "HealthCheckPath", "/"), object.get(found, "HealthCheckPort", "traffic-port")] == ["/health/ready", "8081"]
}

violation contains at("SPECTRUM-B07", id, "LoadBalancerAttributes", sprintf("%v must be %v", [key, value])) if {
	some id in balancers
	some key, value in {
		"routing.http.drop_invalid_header_fields.enabled": "true",
		"access_logs.s3.enabled": "true",
	}
	object.get(attributes(id, "LoadBalancerAttributes"), key, "absent") != value
}

# Nodes keep connections for 65 s; a balancer that waits longer reuses one that a node just closed.
violation contains at("SPECTRUM-B08", id, "LoadBalancerAttributes", "the idle timeout must be below the nodes' keep-alive of 65 s") if {
	some id in balancers
	to_number(object.get(attributes(id, "LoadBalancerAttributes"), "idle_timeout.timeout_seconds", "60")) >= 65
}
