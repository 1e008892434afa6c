# Tasks and services: what ECS refuses or silently accepts at run time only.
package spectrum.containers

import rego.v1

definitions contains id if some id in resources_of_type("AWS::ECS::TaskDefinition")

services contains id if some id in resources_of_type("AWS::ECS::Service")

containers(id) := object.get(input.resources[id].properties, "ContainerDefinitions", [])

volumes(id) := object.get(input.resources[id].properties, "Volumes", [])

at(rule, id, path, message) := make_diag_at(rule, "ERROR", id, sprintf("Properties.%s", [path]), message)

# Fargate ends a container after 120 s at the latest (ECS API reference, ContainerDefinition).
violation contains at("SPECTRUM-C01", id, "ContainerDefinitions", "stopTimeout is more than 120 seconds") if {
	some id in definitions
	some container in containers(id)
	to_number(container.StopTimeout) > 120
}

violation contains at("SPECTRUM-C02", id, "EphemeralStorage", "ephemeral storage is 21 to 200 GiB") if {
	some id in definitions
	size := to_number(input.resources[id].properties.EphemeralStorage.SizeInGiB)
	not size_fits(size)
}

size_fits(size) if {
	size >= 21
	size <= 200
}

violation contains at("SPECTRUM-C03", id, "ContainerDefinitions", sprintf("mount of the unknown volume %v", [mount.SourceVolume])) if {
	some id in definitions
	names := {volume.Name | some volume in volumes(id)}
	some container in containers(id)
	some mount in object.get(container, "MountPoints", [])
	not mount.SourceVolume in names
}

efs_volumes(id) := [configuration |
	some volume in volumes(id)
	configuration := object.get(volume, "EFSVolumeConfiguration", object.get(volume, "EfsVolumeConfiguration", {}))
	count(configuration) > 0
]

violation contains at("SPECTRUM-C04", id, "Volumes", "IAM authorisation of a file system needs encryption in transit") if {
	some id in definitions
	some volume in efs_volumes(id)
	object.get(volume, "TransitEncryption", "DISABLED") != "ENABLED"
}

violation contains at("SPECTRUM-C05", id, "Volumes", "an access point sets the root; rootDirectory contradicts it") if {
	some id in definitions
	some volume in efs_volumes(id)
	volume.AuthorizationConfig.AccessPointId
	object.get(volume, "RootDirectory", "/") != "/"
}

violation contains at("SPECTRUM-C06", id, "Volumes", "a file system is mounted through an access point with IAM") if {
	some id in definitions
	some volume in efs_volumes(id)
	not uses_access_point(volume)
}

uses_access_point(volume) if {
	volume.AuthorizationConfig.AccessPointId
	object.get(volume.AuthorizationConfig, "IAM", object.get(volume.AuthorizationConfig, "Iam", "DISABLED")) == "ENABLED"
}

violation contains at("SPECTRUM-C07", id, "ContainerDefinitions", "the root file system of a container is read-only") if {
	some id in definitions
	some container in containers(id)
	not object.get(container, "ReadonlyRootFilesystem", false) in {true, "true"}
}

violation contains at("SPECTRUM-C08", id, "ContainerDefinitions", "a container runs as a numbered user other than root") if {
	some id in definitions
	some container in containers(id)
	not regex.match(`^[1-9][0-9]*:[1-9][0-9]*$`, object.get(container, "User", "0:0"))
}

violation contains at("SPECTRUM-C09", id, "ContainerDefinitions", "Fargate has no privileged containers") if {
	some id in definitions
	some container in containers(id)
	object.get(container, "Privileged", false) in {true, "true"}
}

# Only the loader may mount reference data writable.
violation contains at("SPECTRUM-C10", id, "ContainerDefinitions", "reference data is mounted read-only by all but the loader") if {
	some id in definitions
	some container in containers(id)
	container.Name != "load"
	some mount in object.get(container, "MountPoints", [])
	mount.SourceVolume == "reference-data"
	not object.get(mount, "ReadOnly", false) in {true, "true"}
}

violation contains at("SPECTRUM-C11", id, "ContainerDefinitions", "a secret belongs in Secrets, not in Environment") if {
	some id in definitions
	some container in containers(id)
	some variable in object.get(container, "Environment", [])
	regex.match(`(?i)(password|secret|token)`, variable.Name)
}

violation contains at("SPECTRUM-C12", svc, "LoadBalancers", "the balancer's container or port is not in the task definition") if {
	some svc in services
	some balancer in object.get(input.resources[svc].properties, "LoadBalancers", [])
	definition := input.resources[svc].properties.TaskDefinition.__ref
	ports := {[container.Name, to_number(mapping.ContainerPort)] |
		some container in containers(definition)
		some mapping in object.get(container, "PortMappings", [])
	}
	not [balancer.ContainerName, to_number(balancer.ContainerPort)] in ports
}

violation contains at("SPECTRUM-C13", svc, "DeploymentConfiguration", "zone rebalancing needs a maximum above 100 percent") if {
	some svc in services
	object.get(input.resources[svc].properties, "AvailabilityZoneRebalancing", "ENABLED") == "ENABLED"
	to_number(input.resources[svc].properties.DeploymentConfiguration.MaximumPercent) <= 100
}

violation contains at("SPECTRUM-C14", svc, "CapacityProviderStrategy", "only one capacity provider may have a base") if {
	some svc in services
	strategy := object.get(input.resources[svc].properties, "CapacityProviderStrategy", [])
	count([provider | some provider in strategy; to_number(object.get(provider, "Base", 0)) > 0]) > 1
}

violation contains at("SPECTRUM-C15", svc, "DeploymentConfiguration", "a failed deployment is rolled back by the circuit breaker") if {
	some svc in services
	breaker := object.get(input.resources[svc].properties.DeploymentConfiguration, "DeploymentCircuitBreaker", {})
	not breaker == {"Enable": true, "Rollback": true}
}

violation contains at("SPECTRUM-C16", svc, "DesiredCount", "the count belongs to the scaling; a number here resets it with every deployment") if {
	some svc in services
	some target in resources_of_type("AWS::ApplicationAutoScaling::ScalableTarget")
	input.resources[svc].properties.DesiredCount
}

violation contains at("SPECTRUM-C17", svc, "NetworkConfiguration", "nodes have no public address") if {
	some svc in services
	input.resources[svc].properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp == "ENABLED"
}

violation contains at("SPECTRUM-C18", svc, "EnableExecuteCommand", "commands cannot be executed in nodes") if {
	some svc in services
	object.get(input.resources[svc].properties, "EnableExecuteCommand", false) in {true, "true"}
}

violation contains at("SPECTRUM-C19", svc, "CapacityProviderStrategy", "the cluster of this service does not offer this capacity provider") if {
	some svc in services
	some provider in object.get(input.resources[svc].properties, "CapacityProviderStrategy", [])
	cluster := input.resources[svc].properties.Cluster.__ref
	offered := {name |
		some association in resources_of_type("AWS::ECS::ClusterCapacityProviderAssociations")
		input.resources[association].properties.Cluster.__ref == cluster
		some name in input.resources[association].properties.CapacityProviders
	}
	not provider.CapacityProvider in offered
}
