# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault at every endpoint: what each comes to is said in ``catalogue``, held by the tests, and shown in the docs.

``python -m tests.faults --write`` writes the table of the documentation anew.
"""
