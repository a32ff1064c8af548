# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One function an operation: plain data in, plain data out. Modules and action plugins are doors to these.

Private to the collection: this may change without notice.
"""
