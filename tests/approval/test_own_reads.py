"""Which reads are the client's own: scripts that were installed with it, byte for byte, and that only read."""

from __future__ import annotations

from hashlib import sha256

from escher.approval.facts import Facts
from escher.approval.policy import assess
from escher.contract.policy import Policy
from escher.procedures.shipped import reading_scripts
from escher.scripts.playbook_scripts import calls, readings
from escher.scripts.reader import Reader
from escher_server.settings import PACKAGED_LIBRARY
from tests.approval.conftest import LIBRARY, NOW, House, instance

OWN = reading_scripts(PACKAGED_LIBRARY)


def digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def test_every_script_that_is_known_as_a_read_only_reads() -> None:
    """By the client's own reading, in each language, with values as a plan gives them."""
    found, wrong = set[str](), list[str]()
    for playbook in LIBRARY.values():
        owned = {
            f"{call.script_ref.script_id}@{call.script_ref.version}"
            for _, call in calls(playbook.orchestration)
            for code in playbook.scripts[f"{call.script_ref.script_id}@{call.script_ref.version}"].code.values()
            if digest(code) in OWN
        }
        found |= {digest(code) for key in owned for code in playbook.scripts[key].code.values()}
        only_those = playbook.model_copy(
            update={
                "orchestration": playbook.orchestration.model_copy(
                    update={
                        "steps": tuple(
                            step.model_copy(update={"rollback": None, "otherwise": None})
                            for step in playbook.orchestration.steps
                            if f"{step.script_ref.script_id}@{step.script_ref.version}" in owned
                        )
                    }
                )
            }
        )
        for step, _, reading in readings(only_those, Reader()):
            if any(operation.effect != "read" for operation in reading.operations):
                wrong.append(f"{playbook.metadata.playbook_id} {step.name}")
    assert wrong == []
    assert len(found) > 200


def test_a_check_of_the_library_runs_and_a_byte_more_asks(house: House) -> None:
    """The plan's own check alone needs no consent; whoever wrote another byte into it is asked about."""
    draft = house.draft(instance(1))
    check = next(step for step in draft.steps if step.phase == "check")
    facts = Facts(NOW, own_scripts=OWN)
    reading = draft.model_copy(update={"steps": (check,), "effect": "read"})
    assert not assess(reading, [instance(1)], Policy(), facts).requires_approval
    other = check.model_copy(update={"script": check.script + "\n"})
    assert assess(reading.model_copy(update={"steps": (other,)}), [instance(1)], Policy(), facts).requires_approval
    assert assess(draft, [instance(1)], Policy(), facts).requires_approval
