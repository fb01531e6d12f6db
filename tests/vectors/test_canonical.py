"""The two forms of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escher.vectors.canonical import canonical_text, words


@pytest.mark.parametrize(
    ("parts", "meaning"),
    [
        (("web-dev-17", "i-0abc12345def67890"), "web dev"),
        (("payments-api", "payments-api"), "payments api"),
        (("arn:aws:lambda:eu-west-1:123456789012:function:resize", "resize"), "resize"),
        (("/subscriptions/0b1f/resourceGroups/rg1/providers/x", "vm"), "vm"),
        (("WebBucket", "t3.large", "ec2", "k8s"), "web bucket t3 large ec2 k8s"),
        (("node12", "10.0.3.7", "vol-0a1b2c3d4e5f60718"), "node"),
        (("logs-x7f3k2q9", "550e8400-e29b-41d4-a716-446655440000"), "logs"),
        (("café-2024", "москва"), "café москва"),
        (("kubernetes-dynamic-pvc-0a1b2c3d-550e-4841-a716-446655440000",), "kubernetes dynamic pvc"),
        (("gke-main-default-pool-1a2b3c4d-x7k2", "payments-0a1b2c3d"), "gke main default pool payments"),
        (("orders-weekly-190d", "orders-20240312T0300", "rds:orders-2024-03-12-03-05"), "orders weekly rds"),
        (("OrdersStack-UploadsRole-8hG3kLmQ2xYz", "zzxkqjvt"), "orders stack uploads role"),
        (("/aws/lambda/orders-resize", "/prod/orders/db/password"), "aws lambda orders resize prod db password"),
        (("",), ""),
    ],
)
def test_ids_and_running_numbers_carry_no_meaning(parts: tuple[str, ...], meaning: str) -> None:
    """What identifies is left out, what describes stays."""
    assert canonical_text(*parts) == meaning


@given(number=st.integers(0, 10**6), identifier=st.text("0123456789abcdef", min_size=17, max_size=17))
def test_numbered_siblings_share_one_text(number: int, identifier: str) -> None:
    """A fleet of equal machines is embedded once, whatever their numbers and ids."""
    assert canonical_text(f"web-dev-{number}", f"i-{identifier}0") == "web dev"


@given(st.text(st.characters(exclude_characters="İ"), max_size=200))  # its lower case is a letter and a mark
def test_canonical_text_is_stable(text: str) -> None:
    """The canonical form of a canonical form is itself."""
    once = canonical_text(text)
    assert canonical_text(once) == once


def test_words_keep_ids_and_add_parts() -> None:
    """An id stays findable as a whole, a compound also by its parts."""
    assert words("webApp01 vol-0abc") == "webapp01 web app 01 vol 0abc 0 abc"
