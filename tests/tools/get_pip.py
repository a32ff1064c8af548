# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install pip, and what else is named, into the virtual environment that runs this: a get-pip.py without downloads.

ansible-test downloads get-pip.py to fill the environments of its sanity tests. That fails where only a package
registry can be reached, so run_sanity.py puts this file in the place where ansible-test keeps its download. The pip
that every Python brings along (ensurepip) does the same work.
"""

from __future__ import annotations

import importlib
import runpy
import subprocess
import sys


def main() -> None:
    """Do what get-pip.py does with the same arguments."""
    wanted = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
    # Not ensurepip.bootstrap(): it would hide this process's pip configuration from the installation below.
    subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
    importlib.invalidate_caches()
    sys.argv = ["pip", "install", "--quiet", *wanted]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
