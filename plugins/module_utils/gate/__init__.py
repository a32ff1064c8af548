# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate: rules, what they measure, and the verdict.

Private to the collection: this may change without notice. Rules, metrics and verdicts are explained in the guide
"Gates".
"""
