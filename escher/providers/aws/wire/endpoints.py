"""Where a service is reached and how requests to it are signed: botocore's own rules, worked out once and kept.

The rules see the account's endpoint, its region and partition, and the settings of its profile (FIPS, dual stack, S3
addressing), exactly as they would in botocore's client.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from botocore.args import ClientArgsCreator
from botocore.auth import AUTH_TYPE_MAPS, S3SigV4Auth, SigV4Auth, resolve_auth_type
from botocore.client import ClientEndpointBridge
from botocore.config import Config
from botocore.regions import EndpointRulesetResolver
from botocore.signers import RequestSigner

from escher.contract.estate import Account
from escher.providers.aws.models import new_session
from escher.providers.aws.wire.service import AwsService, aws_service
from escher.providers.aws.wire.signing import SigningScope

_CONFIG = Config(user_agent_extra="escher", parameter_validation=True)
_FORGET_AFTER = 20_000


class NotCovered(Exception):
    """A request that must be signed in a way that is botocore's alone."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes."""

    url: str
    headers: dict[str, str]
    scope: SigningScope


@lru_cache(maxsize=_FORGET_AFTER)
def endpoint(service: str, region: str, endpoint_url: str = "", profile: str = "") -> Endpoint:
    """The endpoint of a service in a region. Raises what botocore raises for a region or profile that is not there."""
    return Endpoint(aws_service(service), region, endpoint_url, _settings(profile))


def profile_of(account: Account) -> str:
    """The profile whose settings an account's calls follow: its own, or that of the user behind its roles' sessions."""
    return "" if account.role_arns or account.mfa_serial else account.profile


def setting(profile: str, name: str) -> Any:
    """A setting of a profile, or of the environment, by botocore's name."""
    return _settings(profile).get_config_variable(name)


@cache
def _settings(profile: str) -> Any:
    session = new_session(profile)
    # An endpoint in the environment could otherwise answer in the provider's place; ours is the account's own or none.
    session.set_config_variable("ignore_configured_endpoint_urls", True)
    return session


class Endpoint:
    """One service in one region, for all accounts that reach it alike."""

    def __init__(self, service: AwsService, region: str, endpoint_url: str, session: Any) -> None:
        self.service, self.region = service, region
        made = _Made(service, region, endpoint_url, session)
        self.config = made.config
        self.user_agent: str = made.config.user_agent
        self._url: str = made.where["endpoint_url"]
        self._rules = made.rules()
        self._signer: Any = RequestSigner(
            service.model.service_id, made.where["signing_region"], made.where["signing_name"],
            made.where["signature_version"], None, service.emitter,
        )  # fmt: skip
        self._targets: dict[tuple[Any, ...], Target] = {}
        self._facts: dict[str, tuple[tuple[Any, ...], tuple[str, ...]]] = {}

    def target(self, model: Any, parameters: dict[str, Any], context: dict[str, Any]) -> Target:
        """Where a request goes; `context` is botocore's request context. Raises NotCovered, BotoCoreError."""
        if model.operation_context_parameters:
            return self._resolved(model, parameters, context)
        key = self._key(model, parameters)
        if key not in self._targets:
            if len(self._targets) > _FORGET_AFTER:
                self._targets.clear()
            self._targets[key] = self._resolved(model, parameters, context)
        return self._targets[key]

    def _key(self, model: Any, parameters: dict[str, Any]) -> tuple[Any, ...]:
        """All that an operation's target hangs on. Those of S3 on one bucket are alike, but for the one that finds it."""
        of = self._facts.get(model.name)
        if of is None:
            named = [model.name] if self.service.name != "s3" or model.name == "GetBucketLocation" else []
            static = [(given.name, str(given.value)) for given in model.static_context_parameters]
            seen = [given.member_name for given in model.context_parameters] + ["Bucket"] * (self.service.name == "s3")
            of = self._facts[model.name] = ((*named, *static, model.resolved_auth_type), tuple(seen))
        facts, names = of
        return (*facts, *(str(parameters.get(name)) for name in names))

    def _resolved(self, model: Any, parameters: dict[str, Any], context: dict[str, Any]) -> Target:
        if self._rules is None:
            return Target(self._url, {}, self._scope(model, context))
        found = self._rules.construct_endpoint(operation_model=model, call_args=parameters, request_context=context)
        schemes = found.properties.get("authSchemes")
        if schemes is not None:
            context["auth_type"], signing = self._rules.auth_schemes_to_signing_ctx(schemes)
            context["signing"] = {**context.get("signing", {}), **signing}
        if found.properties:
            context["endpoint_properties"] = found.properties
        return Target(found.url, found.headers, self._scope(model, context))

    def _scope(self, model: Any, context: dict[str, Any]) -> SigningScope:
        version = self._signer._choose_signer(model.name, "standard", context)
        method = AUTH_TYPE_MAPS.get(version) if isinstance(version, str) else None
        if method not in (SigV4Auth, S3SigV4Auth) or not context.get("payload_signing_enabled", True):
            raise NotCovered(f"{self.service.name}:{model.name} is not signed with SigV4.")
        signing = context.get("signing", {})
        return SigningScope(
            service=signing.get("signing_name") or self._signer.signing_name,
            region=signing.get("region") or self._signer.region_name,
            is_s3=method is S3SigV4Auth,
        )


class _Made:
    """What botocore's client would be made with."""

    def __init__(self, service: AwsService, region: str, endpoint_url: str, session: Any) -> None:
        self._service, self._region = service, region
        config_store = session.get_component("config_store")
        auth = service.model.metadata.get("auth")
        self._bridge = ClientEndpointBridge(
            session._get_internal_component("endpoint_resolver"), session.get_scoped_config(), _CONFIG,
            service_signing_name=service.model.metadata.get("signingName"), config_store=config_store,
            service_signature_version=(
                resolve_auth_type(auth) if auth else service.model.metadata.get("signatureVersion")
            ),
        )  # fmt: skip
        self._creator = ClientArgsCreator(
            service.emitter, session.user_agent(), None, session.get_component("data_loader"), None, config_store
        )
        self._computed: dict[str, Any] = self._creator.compute_client_args(
            service.model, _CONFIG, self._bridge, region, endpoint_url or None, True, session.get_scoped_config()
        )
        self.where: dict[str, Any] = self._computed["endpoint_config"]
        settings = self._computed["config_kwargs"]
        self.config: Any = Config(**settings | {"s3": self._computed["s3_config"]})

    def rules(self) -> Any:
        """Botocore's resolver with this region's values; the rules themselves are shared."""
        if self._service.rules is None:
            return None
        name = self._service.model.endpoint_prefix
        s3_config = self._creator.compute_s3_config(_CONFIG) or {}
        settings = self._computed["config_kwargs"]
        no_express = settings["s3_disable_express_session_auth"]
        rules = copy.copy(_shared_rules(self._service.name))
        rules._instance_cache = {}
        rules._auth_scheme_preference = settings["auth_scheme_preference"]
        rules._client_context = s3_config | {"disable_s3_express_session_auth": no_express} if name == "s3" else {}
        rules._builtins = self._creator.compute_endpoint_resolver_builtin_defaults(
            region_name=self.where["region_name"] if name in ("s3", "sts") else self._region,
            service_name=name, s3_config=s3_config, endpoint_bridge=self._bridge,
            client_endpoint_url=self._computed["configured_endpoint_url"],
            legacy_endpoint_url=self.where["endpoint_url"], credentials=None,
            account_id_endpoint_mode=settings["account_id_endpoint_mode"],
            s3_disable_express_session_auth=no_express,
        )  # fmt: skip
        return rules


@cache
def _shared_rules(name: str) -> Any:
    service = aws_service(name)
    return EndpointRulesetResolver(
        endpoint_ruleset_data=service.rules, partition_data=service.partitions, service_model=service.model,
        builtins={}, client_context={}, event_emitter=service.emitter,
    )  # fmt: skip
