#!/usr/bin/env bash
# Copyright: (c) 2026, genesyscloud.usage contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs one step of `make`: says which, runs it, says how long it took, and ends as it ended.
#   step.sh NAME COMMAND [ARGUMENT...]
set -u
name=$1
shift
exec 2>&1
printf '\n== %s\n' "$name"
TIMEFORMAT="-- $name: %1R s"
time "$@"
status=$?
[ "$status" -eq 0 ] || printf -- '-- %s FAILED (exit status %d)\n' "$name" "$status"
exit "$status"
