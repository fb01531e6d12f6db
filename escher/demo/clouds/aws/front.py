"""What stands before moto: faults, what moto lacks, and the record of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from escher.demo.clouds.aws import control, nothing, organization, regions, simulate
from escher.demo.clouds.aws.answer import Refused, answer, refusal
from escher.demo.clouds.aws.call import Call, read_call
from escher.demo.clouds.aws.faults import PREFIX, Switchboard
from escher.demo.clouds.aws.inner import InnerClients
from escher.demo.clouds.aws.sessions import SessionPolicies
from escher.demo.clouds.aws.trail import Answered, Trail, is_recorded

Operation = Callable[[Call], dict[str, Any]]


class Front:
    """The demo's AWS as a WSGI application. `clients` ask moto directly, past faults and record."""

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self.clients = InnerClients(self._moto)
        self._switches = Switchboard()
        self._trail = Trail()
        self._sessions = SessionPolicies()
        cloud_control = control.CloudControl(self.clients)
        self._own: dict[tuple[str, str], Operation] = {
            ("cloudtrail", "LookupEvents"): self._trail.lookup,
            ("cloudcontrolapi", "ListResources"): cloud_control.list_resources,
            ("cloudcontrolapi", "GetResource"): cloud_control.get_resource,
            ("iam", "SimulatePrincipalPolicy"): simulate.simulate_principal_policy,
            ("iam", "SimulateCustomPolicy"): simulate.simulate_custom_policy,
            ("ec2", "DescribeRegions"): regions.describe_regions,
            ("account", "ListRegions"): regions.list_regions,
            **dict.fromkeys(nothing.EMPTY, nothing.empty_list),
        }

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        if environ["PATH_INFO"].startswith(PREFIX):
            return self._switches.handle(environ)(environ, start_response)
        call = read_call(environ)
        if call is None:
            return self._moto(environ, start_response)
        try:
            self._switches.meet(call)
            regions.refuse_region_that_is_off(call)
            organization.refuse_members(call)
            self._sessions.refuse(call)
            own = self._own.get((call.service, call.operation))
            if own is not None:
                return answer(call, own(call))(environ, start_response)
        except Refused as refused:
            return refusal(call, refused)(environ, start_response)
        if call.operation == "AssumeRole":
            return self._entered(call, environ)(environ, start_response)
        if not is_recorded(call):
            return self._moto(environ, start_response)
        return self._recorded(call, environ)(environ, start_response)

    def _entered(self, call: Call, environ: dict[str, Any]) -> Response:
        body, status, headers = run_wsgi_app(self._moto, environ, buffered=True)
        content = b"".join(body)
        self._sessions.note(call, content)
        return Response(content, int(status.split()[0]), headers)

    def _recorded(self, call: Call, environ: dict[str, Any]) -> Response:
        body, status, headers = run_wsgi_app(self._moto, environ, buffered=True)
        content = b"".join(body)
        code = int(status.split()[0])
        self._trail.record(call, Answered(code, {name.lower(): value for name, value in headers.items()}, content))
        return Response(content, code, headers)
