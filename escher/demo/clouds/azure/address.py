"""ARM paths, taken apart: `/subscriptions/S/resourceGroups/G/providers/NS/TYPE/NAME/CHILD/NAME[/TAIL]`."""

from __future__ import annotations

from dataclasses import dataclass

from escher.demo.clouds.azure.arm_types import canonical


@dataclass(frozen=True, slots=True)
class Address:
    """What a path points at. `tail` is a last type, view or action that no name follows."""

    subscription: str = ""
    group: str = ""
    namespace: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    tail: str = ""

    @property
    def type(self) -> str:
        """The type in its usual spelling: `Microsoft.Compute/virtualMachines`; without the tail."""
        return canonical("/".join((self.namespace, *(kind for kind, _ in self.pairs))))

    @property
    def listed(self) -> str:
        """The type that the path lists: the type with the tail."""
        return canonical("/".join((self.namespace, *(kind for kind, _ in self.pairs), self.tail)))

    @property
    def name(self) -> str:
        """The last name."""
        return self.pairs[-1][1] if self.pairs else ""

    @property
    def scope(self) -> str:
        """The id of the resource group, or of the subscription."""
        return f"/subscriptions/{self.subscription}" + (f"/resourceGroups/{self.group}" if self.group else "")

    @property
    def id(self) -> str:
        """The id of the resource without the tail, in the spelling that ARM gives back."""
        words = self.type.split("/")
        names = "/".join(f"{kind}/{name}" for kind, (_, name) in zip(words[1:], self.pairs, strict=True))
        return f"{self.scope}/providers/{words[0]}/{names}"

    @property
    def parent(self) -> Address | None:
        """The resource that this one is a child of; None at the top."""
        if len(self.pairs) < 2:
            return None
        return Address(self.subscription, self.group, self.namespace, self.pairs[:-1])


def address(path: str) -> Address:
    """Take a path apart. What does not fit is left out."""
    words = [word for word in path.split("/") if word]
    lower = [word.lower() for word in words]
    at = lower.index("providers") if "providers" in lower else len(words)
    scope = dict(zip(lower[:at:2], words[1:at:2], strict=False))
    rest = words[at + 2 :]
    pairs = tuple(zip(rest[::2], rest[1::2], strict=False))
    return Address(
        subscription=scope.get("subscriptions", ""),
        group=scope.get("resourcegroups", ""),
        namespace=words[at + 1] if at + 1 < len(words) else "",
        pairs=pairs,
        tail=rest[-1] if len(rest) % 2 else "",
    )
