"""Consent in a real kernel: this process started it, so this process is the front end; everything else is a cell."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import zmq
from cryptography.hazmat.primitives.asymmetric import ec

from escher.contract.messages import ApprovePlan
from escher.errors import ConsentFromCell
from escher.widgets.consent import FrontEndConsent, PageKey, redeem
from escher.widgets.peer import Origin

NOT_FRONT_END = """
import sys, json, time
from jupyter_client.blocking import BlockingKernelClient
client = BlockingKernelClient(connection_file=sys.argv[1])
client.load_connection_file()
client.start_channels()
for message in json.loads(sys.argv[2]):
    client.shell_channel.send(client.session.msg('comm_msg', message))
    time.sleep(0.5)
client.stop_channels()
"""
SIGNING_CELL = """
import sys, time
sys.path.insert(0, '../widgets')
from conftest import public, sign
from cryptography.hazmat.primitives.asymmetric import ec
from ipykernel.connect import get_connection_file
from jupyter_client.blocking import BlockingKernelClient
key = ec.generate_private_key(ec.SECP256R1())
approval = ApprovePlan(id='forged', plan_id=shown.plan_id, digest=shown.digest)
approval = approval.model_copy(update={'signature': sign(key, approval.signed_bytes())})
client = BlockingKernelClient(connection_file=get_connection_file())
client.load_connection_file()
client.start_channels()
for content in ({'v': 1, 'type': 'view.fetch', 'id': 'f', 'key': public(key)}, approval.model_dump(mode='json')):
    body = {'comm_id': stage.widget.model_id, 'data': {'method': 'custom', 'content': content}}
    client.shell_channel.send(client.session.msg('comm_msg', body))
    time.sleep(0.5)
client.stop_channels()
"""


def test_the_page_that_shows_a_plan_can_approve_it(page) -> None:
    """A signed approval over the front end's connection becomes one consent, with the digest that was shown."""
    page.fetch()
    page.send(page.approval())
    page.expect_becomes("[(one.plan_id, one.digest == shown.digest) for one in stage.consents]", [("plan-stage", True)])


@pytest.mark.parametrize("change", [{"signature": ""}, {"digest": "0" * 64}, {"confirmation": "yes"}, {"id": "other"}])
def test_an_approval_is_only_what_was_signed(page, change) -> None:
    """Unsigned, or signed for another digest, answer or message: refused, and said in the view."""
    page.fetch()
    page.send(page.approval(**change))
    card = page.wait_for("view.put")["components"][0]
    assert (card["type"], card["data"]["code"]) == ("error_card", "consent_from_cell")
    assert page.value("len(stage.consents)") == 0


def test_the_first_page_keeps_the_right_to_approve(page) -> None:
    """Another page that shows the view later signs in vain."""
    page.fetch()
    late = ec.generate_private_key(ec.SECP256R1())
    page.fetch(late)
    page.send(page.approval(late))
    assert page.wait_for("view.put")["components"][0]["data"]["code"] == "consent_from_cell"
    page.send(page.approval())
    page.expect_becomes("len(stage.consents)", 1)


def test_an_approval_counts_once(page) -> None:
    """The same signed approval in a second message is refused."""
    page.fetch()
    approval = page.approval()
    page.send(approval)
    page.expect_becomes("len(stage.consents)", 1)
    page.send(approval)
    assert "sent before" in page.wait_for("view.put")["components"][0]["data"]["message"]
    assert page.value("len(stage.consents)") == 1


def test_a_cell_with_a_client_and_a_key_of_its_own_cannot_approve(page) -> None:
    """Even before any page was there: a kernel is not its own front end."""
    page.run("from escher.contract.messages import ApprovePlan\n" + SIGNING_CELL)
    assert page.wait_for("view.put")["components"][0]["data"]["code"] == "consent_from_cell"
    assert page.value("len(stage.consents)") == 0


def test_another_program_on_this_machine_cannot_approve(page) -> None:
    """It has the connection file and the page's signature, but did not start the kernel."""
    page.fetch()
    file = page.value("__import__('ipykernel.connect').connect.get_connection_file()")
    body = {"comm_id": page.value("stage.widget.model_id"), "data": {"method": "custom", "content": page.approval()}}
    subprocess.run([sys.executable, "-c", NOT_FRONT_END, file, json.dumps([body])], check=True, timeout=60)
    assert page.wait_for("view.put")["components"][0]["data"]["code"] == "consent_from_cell"
    assert page.value("len(stage.consents)") == 0


def test_the_widgets_own_handlers_refuse_an_approval(page) -> None:
    """A signed approval that did not come through the network is refused with ConsentFromCell."""
    page.fetch()
    page.run(f"""
from escher.errors import ConsentFromCell
try:
    stage.widget._handle_custom_msg({page.approval()!r}, [])
except ConsentFromCell as error:
    refused = error.code
""")
    assert page.value("(refused, len(stage.consents))") == ("consent_from_cell", 0)


def test_messages_arrive_while_a_cell_is_busy(page) -> None:
    """Fetch, approval and cancel are handled while `time.sleep` holds the kernel."""
    page.fetch()
    approval = page.approval()
    model = page.value("stage.widget.model_id")
    page.client.execute("import time; time.sleep(2); seen = len(stage.consents), list(stage.cancelled)")
    for content in (approval, {"v": 1, "type": "run.cancel", "id": "c", "run_id": "r1"}):
        body = {"comm_id": model, "data": {"method": "custom", "content": content}}
        page.client.session.send(page.client.shell_channel.socket, "comm_msg", body)
    page.expect_becomes("seen", (1, ["r1"]))


def test_a_consent_that_no_click_made_is_worth_nothing() -> None:
    """Only the very object that was issued can be redeemed."""
    with pytest.raises(ConsentFromCell):
        redeem(FrontEndConsent("plan-1", "0" * 64, "", "m1"))


def test_a_made_up_frame_has_no_origin() -> None:
    """A frame that no socket has read is nobody's, so it neither sets a key nor approves."""
    key, origin = PageKey(), Origin(zmq.Frame(b"comm_msg"))
    assert not origin.is_front_end()
    with pytest.raises(ConsentFromCell):
        key.consent(ApprovePlan(id="m1", plan_id="plan-1", digest="0" * 64), origin)
