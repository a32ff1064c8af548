# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What figures of the past say about days, weekdays and periods: arithmetic alone, no store and no options.

Private to the collection: this may change without notice. The formulas are explained in the guide "Gates".
"""
