# Copyright: (c) 2026, genesyscloud.usage contributors
# SPDX-License-Identifier: GPL-3.0-or-later
