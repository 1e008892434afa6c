"""moto's server, with what its interpreter of Amazon States Language (moto 5.2) leaves out.

Arguments as `moto_server`. Added: the names of ECS parameters and answers are translated between Step Functions'
spelling and the API's, a task that stopped with another exit code than 0 fails its state as on AWS, a distributed map
fails when more of its items do than it tolerates, a server executes more than one flow, and tasks get addresses that
are reached on this machine.
"""

import copy
import itertools
import json
import sys

from moto.ecs import models as ecs_models
from moto.server import main
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_ecs import (
    StateTaskServiceEcs,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import (
    DistributedIterationComponent,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails


def renamed(value, rename):
    if isinstance(value, dict):
        return {rename(name): renamed(part, rename) for name, part in value.items()}
    if isinstance(value, list):
        return [renamed(part, rename) for part in value]
    return value


def rename_in_place(value, rename):
    if isinstance(value, dict):
        changed = renamed(value, rename)
        value.clear()
        value.update(changed)


def to_api(_self, parameters, *_names, **_more):
    rename_in_place(parameters, lambda name: name[:1].lower() + name[1:])


def to_states(_self, response, *_names, **_more):
    rename_in_place(response, lambda name: name[:1].upper() + name[1:])


build_sync_resolver = StateTaskServiceEcs._build_sync_resolver


def build_judging_resolver(self, env, **more):
    resolve = build_sync_resolver(self, env=env, **more)

    def judge():
        task = resolve()
        if task and any(container.get("ExitCode") != 0 for container in task.get("Containers", [])):
            raise FailureEventException(failure_of(env, task))
        return task

    return judge


run_map = DistributedIterationComponent._map_run


def run_judged_map(self, env, eval_input):
    run_map(self, env=env, eval_input=eval_input)
    record = eval_input.map_run_record
    failed, total = record.item_counter.failed.get(), record.item_counter.total.get()
    if failed * 100 > (record.tolerated_failure_percentage or 0) * total:
        raise FailureEventException(
            failure_of(env, {"Failed": failed}, StatesErrorNameType.StatesExceedToleratedFailureThreshold)
        )


def failure_of(env, facts, error=StatesErrorNameType.StatesTaskFailed):
    cause = json.dumps(facts, separators=(",", ":"), sort_keys=True, default=str)
    details = TaskFailedEventDetails(resourceType="ecs", resource="runTask.sync", error=error.to_name(), cause=cause)
    return FailureEvent(
        env=env,
        error_name=StatesErrorName(typ=error),
        event_type=HistoryEventType.TaskFailed,
        event_details=EventDetails(taskFailedEventDetails=details),
    )


addresses = itertools.count(1)


def next_loopback_address(*_arguments, **_more):
    return f"127.0.2.{next(addresses)}"


def without_executions(self, _memo):
    clone = copy.copy(self)
    clone.executions = []
    return clone


ecs_models.random_private_ip = next_loopback_address
StateTaskServiceEcs._normalise_parameters = to_api
StateTaskServiceEcs._normalise_response = to_states
StateTaskServiceEcs._build_sync_resolver = build_judging_resolver
DistributedIterationComponent._map_run = run_judged_map
StateMachine.__deepcopy__ = without_executions

main(sys.argv[1:])
