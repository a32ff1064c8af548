# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the pages are made of: templates, a style sheet and a script, as text, so that they travel with the module.

Private to the collection: this may change without notice.
"""
