"""The regions of the three clouds, and how people say them.

Codes and places are the providers' own: the endpoint data of botocore, Azure's and Google Cloud's lists of locations.
Every region is also found by its code read aloud (`us east 1`); Azure's by its display name (`West US 2`) either way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from escher.contract.vocabulary import Provider
from escher_server.agents.understanding.lexicon.phrases import Phrases, rows

_AWS = """
af-south-1: cape town | south africa
ap-east-1: hong kong
ap-east-2: taipei | taiwan
ap-northeast-1: tokyo | japan
ap-northeast-2: seoul | korea | south korea
ap-northeast-3: osaka | japan
ap-south-1: mumbai | india
ap-south-2: hyderabad | india
ap-southeast-1: singapore
ap-southeast-2: sydney | australia
ap-southeast-3: jakarta | indonesia
ap-southeast-4: melbourne | australia
ap-southeast-5: malaysia
ap-southeast-6: new zealand
ap-southeast-7: thailand
ca-central-1: canada | montreal
ca-west-1: calgary | canada
eu-central-1: frankfurt | germany
eu-central-2: zurich | switzerland
eu-north-1: stockholm | sweden
eu-south-1: milan | italy
eu-south-2: spain
eu-west-1: ireland | dublin
eu-west-2: london | uk | united kingdom
eu-west-3: paris | france
il-central-1: tel aviv | israel
me-central-1: uae | dubai
me-south-1: bahrain
mx-central-1: mexico
sa-east-1: sao paulo | brazil
us-east-1: virginia | north virginia | northern virginia | n virginia | n. virginia | nova
us-east-2: ohio
us-west-1: california | north california | northern california | n california | n. california
us-west-2: oregon
us-gov-east-1: govcloud east | govcloud
us-gov-west-1: govcloud west | govcloud
cn-north-1: beijing | china
cn-northwest-1: ningxia | china
"""
_AZURE = """
eastus: east us | virginia
eastus2: east us 2 | virginia
centralus: central us | iowa
northcentralus: north central us | illinois
southcentralus: south central us | texas
westcentralus: west central us | wyoming
westus: west us | california
westus2: west us 2 | washington
westus3: west us 3 | arizona | phoenix
canadacentral: canada central | toronto | canada
canadaeast: canada east | quebec | canada
mexicocentral: mexico central | mexico
brazilsouth: brazil south | sao paulo | brazil
northeurope: north europe | ireland | dublin
westeurope: west europe | netherlands | amsterdam
uksouth: uk south | london | uk | united kingdom
ukwest: uk west | cardiff | uk | united kingdom
francecentral: france central | paris | france
germanywestcentral: germany west central | frankfurt | germany
italynorth: italy north | milan | italy
norwayeast: norway east | oslo | norway
polandcentral: poland central | warsaw | poland
spaincentral: spain central | madrid | spain
swedencentral: sweden central | sweden
switzerlandnorth: switzerland north | zurich | switzerland
austriaeast: austria east | vienna | austria
belgiumcentral: belgium central | brussels | belgium
uaenorth: uae north | dubai | uae
qatarcentral: qatar central | doha | qatar
israelcentral: israel central | israel
southafricanorth: south africa north | johannesburg | south africa
eastasia: east asia | hong kong
southeastasia: southeast asia | singapore
japaneast: japan east | tokyo | japan
japanwest: japan west | osaka | japan
koreacentral: korea central | seoul | korea | south korea
koreasouth: korea south | busan | korea | south korea
centralindia: central india | pune | india
southindia: south india | chennai | india
westindia: west india | mumbai | india
australiaeast: australia east | sydney | australia
australiasoutheast: australia southeast | melbourne | australia
australiacentral: australia central | canberra | australia
newzealandnorth: new zealand north | auckland | new zealand
indonesiacentral: indonesia central | jakarta | indonesia
malaysiawest: malaysia west | kuala lumpur | malaysia
chilecentral: chile central | santiago | chile
"""
_GCP = """
us-central1: iowa
us-east1: south carolina
us-east4: virginia | north virginia | northern virginia
us-east5: ohio | columbus
us-south1: texas | dallas
us-west1: oregon
us-west2: los angeles | california
us-west3: salt lake city | utah
us-west4: las vegas | nevada
northamerica-northeast1: montreal | canada
northamerica-northeast2: toronto | canada
northamerica-south1: mexico
southamerica-east1: sao paulo | brazil
southamerica-west1: santiago | chile
europe-central2: warsaw | poland
europe-north1: finland
europe-north2: stockholm | sweden
europe-southwest1: madrid | spain
europe-west1: belgium
europe-west2: london | uk | united kingdom
europe-west3: frankfurt | germany
europe-west4: netherlands | amsterdam
europe-west6: zurich | switzerland
europe-west8: milan | italy
europe-west9: paris | france
europe-west10: berlin | germany
europe-west12: turin | italy
asia-east1: taiwan
asia-east2: hong kong
asia-northeast1: tokyo | japan
asia-northeast2: osaka | japan
asia-northeast3: seoul | korea | south korea
asia-south1: mumbai | india
asia-south2: delhi | india
asia-southeast1: singapore
asia-southeast2: jakarta | indonesia
australia-southeast1: sydney | australia
australia-southeast2: melbourne | australia
me-central1: doha | qatar
me-central2: dammam | saudi arabia
me-west1: tel aviv | israel
africa-south1: johannesburg | south africa
"""
# Parts of the world, by how the codes of their regions begin (Azure's end with the country or continent).
_AREAS: dict[str, str] = {
    "europe": r"eu(rope)?-.*|.*europe|uk.*|france.*|germany.*|italy.*|norway.*|poland.*|spain.*|sweden.*|switzerland.*",
    "asia": r"(ap|asia)-.*|.*asia|japan.*|korea.*|.*india|indonesia.*|malaysia.*",
    "asia pacific": r"(ap|asia|australia)-.*|.*asia|japan.*|korea.*|.*india|australia.*|indonesia.*|malaysia.*",
    "north america": r"(us|ca|mx|northamerica)-.*|.*us\d?|canada.*|mexico.*",
    "south america": r"(sa|southamerica)-.*|brazil.*|chile.*",
    "middle east": r"(me|il)-.*|uae.*|qatar.*|israel.*",
    "us regions": r"us-.*|.*us\d?",
    "us east": r"us-east.*|eastus.*",
    "us west": r"us-west.*|westus.*",
    "the us east coast": r"us-east.*|eastus.*",
    "the us west coast": r"us-west.*|westus.*",
    "us east coast": r"us-east.*|eastus.*",
    "us west coast": r"us-west.*|westus.*",
    "eu west": r"eu-west-.*|europe-west.*|westeurope",
    "eu central": r"eu-central-.*|europe-central.*",
    "the united states": r"us-.*|.*us\d?",
    "the us": r"us-.*|.*us\d?",
    "the usa": r"us-.*|.*us\d?",
    "the eu": r"eu(rope)?-.*|.*europe|france.*|germany.*|italy.*|poland.*|spain.*|sweden.*",
}
_ZONE = re.compile(r"^((?:[a-z]{2,}-)+[a-z]+-?\d{1,2})-?([a-z])$")


@dataclass(frozen=True, slots=True)
class Place:
    """Regions that one way of speaking can mean, of one or of several clouds."""

    regions: tuple[tuple[Provider, str], ...]

    def codes(self, providers: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
        """The region codes meant: of these clouds, when they are named; of those in use, when any of them is."""
        named = tuple(code for provider, code in self.regions if not providers or provider in providers)
        codes = named or tuple(code for _, code in self.regions)
        used = tuple(code for code in codes if code in known)
        return used or codes


def _all_regions() -> tuple[tuple[Provider, str, tuple[str, ...]], ...]:
    tables: tuple[tuple[Provider, str], ...] = (("aws", _AWS), ("azure", _AZURE), ("gcp", _GCP))
    return tuple((provider, code, places) for provider, table in tables for code, places in rows(table))


def _spoken(code: str, places: tuple[str, ...]) -> tuple[str, ...]:
    """How a region is said besides its code: `us east 1`, `west us 2`, `us west 2`, `oregon`."""
    words = re.sub(r"(?<=[a-z])(?=\d)", "-", code).split("-")
    return (" ".join(words), *places, *(_turned(places[0]) if "-" not in code else ()))


def _turned(display: str) -> tuple[str, ...]:
    """`west us 2` is also said `us west 2`."""
    words = display.split()
    if "us" not in words:
        return ()
    numbers = [word for word in words if word.isdigit()]
    return (" ".join(["us", *(word for word in words if word != "us" and not word.isdigit()), *numbers]),)


def _gather() -> dict[str, Place]:
    regions = _all_regions()
    # A code itself is never ambiguous, and a part of the world is never one region of it: they come first.
    found = {code: Place(((provider, code),)) for provider, code, _ in regions}
    for phrase, pattern in _AREAS.items():
        found[phrase] = Place(tuple((provider, code) for provider, code, _ in regions if re.fullmatch(pattern, code)))
    spoken: dict[str, list[tuple[Provider, str]]] = {}
    for provider, code, places in regions:
        for phrase in dict.fromkeys(_spoken(code, places)):
            spoken.setdefault(phrase, []).append((provider, code))
    return found | {phrase: Place(tuple(meant)) for phrase, meant in spoken.items() if phrase not in found}


_PLACES = _gather()
CODES: frozenset[str] = frozenset(code for _, code, _ in _all_regions())
REGIONS: Phrases[Place] = Phrases(_PLACES.items())


def zone(word: str) -> str | None:
    """The region of an availability zone (`us-east-1a`, `europe-west1-b`), or None when the word is none."""
    found = _ZONE.match(word)
    return found[1] if found and found[1] in CODES else None


def providers_of(code: str) -> frozenset[Provider]:
    """The clouds that have a region, or a zone in a region, of this code; none for any other word."""
    region = zone(code) or code
    place = _PLACES.get(region)
    return frozenset(provider for provider, known in place.regions if known == region) if place else frozenset()
