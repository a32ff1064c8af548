# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A verdict for machines and for people, each form in a file of its own.

Private to the collection: this may change without notice. A verdict is the document that
C(docs/schemas/verdict-1.json) describes.
"""

from __future__ import annotations

from .text import lines
from .write import write_outputs

__all__ = ["lines", "write_outputs"]
