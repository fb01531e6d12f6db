"""What is recognised by its shape alone: credentials, identifiers, addresses. Pure.

Each pattern is linear: no nested repetition. They are the second net; the first is the allow-list, and exact matching
of everything the estate knows.
"""

from __future__ import annotations

import re

_TAIL = r"[^\s\"'`,;<>(){}\[\]]"
_VALUE = r"(?:\"[^\"\n]{1,400}\"|'[^'\n]{1,400}'|[^\s\"',;]{1,400})"
_NAMES_OF_SECRETS = (
    r"pass(?:word|wd|phrase|code)?|pwd|secret(?:[-_ ]?(?:access[-_ ]?)?key)?|client[-_ ]?secret|api[-_ ]?(?:key|"
    r"token)|auth[-_ ]?token|"
    r"access[-_ ]?(?:key(?:[-_ ]?id)?|token)|(?:session|refresh|id|bearer)[-_ ]?token|token|private[-_ ]?key|"
    r"account[-_ ]?key|shared[-_ ]?key|"
    r"credentials?|connection[-_ ]?string|sas(?:[-_ ]?token)?|signature|sig|encryption[-_ ]?key|license[-_ ]?key|"
    r"webhook"
)
SECRETS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"-----BEGIN [A-Z ]{0,40}-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|\Z)",
        rf"\b[A-Za-z][A-Za-z0-9+.-]{{1,30}}://[^\s/:@]{{1,200}}:[^\s/@]{{1,200}}@{_TAIL}*",
        r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ABIA|ACCA)[A-Z0-9]{12,}\b",
        r"\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}",
        r"\bxox[abeprs]-[A-Za-z0-9-]{8,}|\bAIza[A-Za-z0-9_-]{30,}|\bya29\.[A-Za-z0-9_-]{20,}",
        r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)[-_A-Za-z0-9]{12,}|\bsk-[A-Za-z0-9_-]{20,}|\bhf_[A-Za-z0-9]{20,}",
        r"\bnpm_[A-Za-z0-9]{20,}|\bpypi-[A-Za-z0-9_-]{20,}|\bSG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}|"
        r"\bdop_v1_[a-f0-9]{20,}",
        r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?",
        r"(?i)\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|EndpointSuffix|AccountName|Password|Pwd|User "
        r"Id)=[^\s;\"']{1,400}(?:;[^\s\"']{1,400})?",
        r"(?i)\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{12,}",
        rf"(?i)(?<![:\w])(?:[A-Za-z0-9]{{1,30}}[-_])?(?:{_NAMES_OF_SECRETS})[\"']?\s{{0,3}}(?:=|:=|:)"
        rf"\s{{0,3}}(?!<){_VALUE}",
        rf"(?i)\b(?:{_NAMES_OF_SECRETS})\s+(?:is|was|are|of|to)\s+(?=[^\s]*[\d!@#$%^&*_+=])(?!<){_VALUE}",
        r"(?<![A-Za-z0-9/+=])(?=[A-Za-z0-9/+]*\d)(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])"
        r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
    )
)
# Whatever one of SECRETS finds has one of these in it, in small letters, but for the last of them, which has no such word.
# Looking for them is ten times as fast as the patterns, and most lines that a program prints have none.
MARKS_OF_SECRETS: tuple[str, ...] = (
    "-----begin ", "://", "akia", "asia", "agpa", "aida", "aroa", "aipa", "anpa", "anva", "abia", "acca", "ghp_", "gho_",
    "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "aiza", "ya29.", "sk-", "sk_", "pk-", "pk_", "rk-", "rk_",
    "hf_", "npm_", "pypi-", "sg.", "dop_v1_", "eyj", "accountname=", "endpointsuffix=", "user id=", "sharedaccess",
    "bearer", "basic", "pass", "pwd", "secret", "token", "key", "credential", "connection", "sas", "sig", "webhook",
)  # fmt: skip
# Identifiers that are one thing from end to end, whatever is inside them.
STRUCTURED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), mark)
    for pattern, mark in (
        (rf"\barn:[a-z-]{{2,20}}:{_TAIL}*", "<id>"),
        (rf"/?\bsubscriptions/{_TAIL}+", "<id>"),
        (rf"(?://[a-z0-9.-]+\.googleapis\.com/)?\b(?:projects|organizations|folders)/[a-z0-9:._-]+/{_TAIL}+", "<id>"),
        (rf"//[a-z0-9.-]+\.googleapis\.com/{_TAIL}+", "<id>"),
        (rf"\b(?:s3a?|gs|abfss?|wasbs?)://{_TAIL}+", "<id>"),
        (rf"\b[a-z][a-z0-9+.-]{{1,20}}://{_TAIL}+", "<host>"),
        (r"\b[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,24}\b", "<email>"),
        (r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?![\w.]*\d)", "<address>"),
        (r"(?<![\w:.])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?:/\d{1,3})?(?![\w:])", "<address>"),
        (r"(?<![\w:.])(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{0,4}(?:/\d{1,3})?(?![\w:])", "<address>"),
        (r"(?<![\w:.])::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}(?:/\d{1,3})?(?![\w:])", "<address>"),
        (r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b", "<address>"),
    )
)
_AWS_IDS = (
    "i|vol|snap|sg|sgr|eipalloc|eipassoc|vpc|subnet|ami|eni|rtb|rtbassoc|igw|nat|acl|lt|tgw|vpce|fs|fsx|fsap|cgw|vgw|"
    "vpn|dopt|pcx|"
    "r|key|spi|sir|asg|cluster|mi|h|pl|ipam|eigw|lgw|cagw|import-ami|export|res|ou|o|p|d|ct|dxcon|dxvif|bp|rs"
)
LOOSE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), mark)
    for pattern, mark in (
        (rf"\b(?:{_AWS_IDS})-[0-9a-f]{{8,32}}\b", "<id>"),
        (r"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b", "<id>"),
        (r"(?<![\d.-])\d{4}[- ]?\d{4}[- ]?\d{4}(?![\d.-]*\d)", "<account>"),
        (r"\b(?:db|cluster|db-proxy|prx)-(?=[a-z0-9]*\d)[a-z0-9]{20,32}\b", "<id>"),
        (r"\bo-[a-z0-9]{10,32}\b|\bou-[a-z0-9]{4,32}-[a-z0-9]{8,32}\b|\bssoins-[a-z0-9]{16}\b", "<id>"),
        (r"(?<![\w-])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{14,}(?![\w-])", "<id>"),
        (r"(?<![\w.])\d{9,}(?![\w.])", "<id>"),
    )
)
# The last net: long strings of letters and digits in both cases are no words.
OPAQUE = re.compile(
    r"(?<![\w-])(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[A-Z])[A-Za-z0-9_-]{32,}(?![\w-])"
)
_TOP_LEVEL = (
    "com|net|org|edu|gov|mil|int|io|dev|app|cloud|internal|local|localhost|corp|lan|intra|home|private|test|example|"
    "info|biz|co|ai|me|tv|"
    "us|uk|de|fr|es|it|nl|be|ch|at|se|no|dk|fi|pl|cz|pt|ie|eu|ca|au|nz|jp|kr|cn|in|sg|hk|br|mx|za|ru|tech|site|"
    "online|xyz|systems|services"
)
HOSTS = re.compile(
    rf"(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.)+"
    rf"(?:{_TOP_LEVEL})(?::\d{{2,5}})?(?:/{_TAIL}*)?(?![\w-])",
    re.IGNORECASE,
)
# What everybody knows: names of regions, zones and machine sizes. Never masked, whatever the estate calls its things.
PUBLIC = re.compile(
    r"(?:[a-z]{2,12}(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central|northeast|southeast|northwest|"
    r"southwest)-?\d{1,2}(?:-?[a-z])?"
    r"|(?:db\.|cache\.|search\.|ml\.)?[a-z]{1,3}\d{1,2}[a-z0-9-]{0,8}\.(?:nano|micro|small|medium|large|xlarge|"
    r"\d{1,2}xlarge|metal)"
    r"|(?:standard|basic|premium|ultrassd|standardssd)_[a-z0-9_]{2,24}|(?:e2|n1|n2d?|n4|c2d?|c3d?|c4|t2[ad]|m[1-4]|"
    r"f1|g1)-[a-z]+(?:-\d+)?"
    r"|\d{1,5}(?:[.,:]\d{1,3})?(?:%|gb|gib|tb|tib|mb|mib|am|pm|d|h)?|\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)
# Regions: the codes of AWS and GCP, Azure's (which all name a direction), and what spans more than one region.
PLACE = re.compile(
    r"[a-z]{2,14}(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-?\d{1,2}"
    r"|[a-z]{0,16}(?:north|south|east|west|central)[a-z]{0,12}\d?|global|us|eu|asia|europe|nam\d{1,2}|eur\d{1,2}|asia\d"
)
