"""The data against the packages that it was built from."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from escher.apis import catalogue
from tests.campaigns import FULL

BUILD = "import sys; from pathlib import Path; from escher.apis.build import main; main(Path(sys.argv[1]))"


@pytest.mark.campaign
@pytest.mark.skipif(not FULL, reason="building the data takes half a minute; it is part of `make prove`")
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """With the same versions of botocore and awscli."""
    if catalogue.versions("aws") != {package: version(package) for package in ("botocore", "awscli")}:
        pytest.skip("other versions of botocore or awscli than the data's are installed")
    subprocess.run([sys.executable, "-c", BUILD, str(tmp_path / "aws.zip")], check=True)
    committed = Path(catalogue.__file__).parent / "data" / "aws.zip"
    assert (tmp_path / "aws.zip").read_bytes() == committed.read_bytes()
