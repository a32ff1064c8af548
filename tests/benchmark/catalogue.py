# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All benchmarks, in the order in which they run."""

from __future__ import annotations

from .cases import bulk, clients, comparison, exchanges, fleet, gate, memory, report, stores, waiting
from .model import Benchmark

BENCHMARKS = (
    Benchmark(
        "exchanges",
        "no HTTP exchange that is not needed",
        "Counted in the sandbox's log, which has every request that came over the wire, and held against the task's "
        "own api_calls.",
        exchanges.run,
    ),
    Benchmark(
        "waiting",
        "the end is noticed within 25 % of the waiting time or 2 s, with at most 12 looks at 120 s",
        "usage_query against a sandbox that shares its clock, on which a pause passes at once: what an exchange itself "
        "takes is left out. Each line is the worst of the chance seeds that were tried. No schedule can meet both "
        "bounds for every time: never later than 25 % or 2 s takes 17 looks for an execution of 120 s (at 2, 4, 6, 8, "
        "10, 12.5, 15.6 s and so on), so at least one time is missed by any that looks 12 times.",
        waiting.run,
    ),
    Benchmark(
        "clients",
        "many clients at once are at least 8 times as fast as one after the other; the ceiling holds",
        "oauth_client_usage against a sandbox that takes 20 ms for each exchange, without a ceiling; the sign-in "
        "is in the time. With concurrency 1 the first pauses of the clients overlap too, so what it is held against is "
        "better than a plain loop. The ceiling: arrivals at the sandbox in any 60 s, on a clock that runs faster "
        "than the real one for the task and the sandbox alike, with the default concurrency.",
        clients.run,
    ),
    Benchmark(
        "bulk",
        "60,000 rows/s from the wire into SQLite at a million rows, and memory that does not grow with them",
        "One usage_query task (30 days, a row for each day, client and template) from its sign-in to its result, into "
        "a new file each time, in a process of its own; starting Python and importing are not in the time, the sandbox "
        "shares the processors. One run to warm up is left out. Again: the same rows into the file that has "
        "them. json.loads: the same body, read before, parsed whole in a process of its own, and the two held against "
        "each other in processor time, which a busy machine or a slow disk changes least.",
        bulk.run,
    ),
    Benchmark(
        "comparison",
        "less than half the time and a tenth of the memory of the official SDK, and no more exchanges",
        "The same question (30 days, by day and client) to one organization of the same sandbox, the ways in turn, "
        "each three times after one that is left out; all must come to the same rows and sums. Time is that of the "
        "whole process, importing included. The SDK's script looks after 0.1 s and then every 2 s; the uri playbook "
        "looks at once and then every 2 s. Memory of a single process is the most it had resident, of a playbook the "
        "most that all its processes had at one moment with shared pages counted once, seen every 50 ms in a run of "
        "its own. A playbook is held against the SDK as a whole; the module's own process is what a host would run.",
        comparison.run,
    ),
    Benchmark(
        "fleet",
        "300 organizations take at most 1.5 times as long as debug, and are 20 times as fast as uri",
        "ansible-playbook with one task over an inventory of local hosts, 50 forks, each after a run of debug over the "
        "same inventory, the ratio being the median of these pairs; 7 days, by day and client. The sandbox answers at "
        "once, has made its traffic before, and shares the processors. With requests alone: an action plugin that "
        "makes the same three exchanges and checks nothing, which is the least that a task with that library can take. "
        "uri: sign-in, submit and look as three tasks, "
        "measured with 30 organizations; what is above the start of a playbook is scaled to 300. SDK: a process for "
        "each organization, one after the other, measured with 5 and scaled. Cold: a playbook for one organization "
        "that the sandbox has made no traffic for; the server's time is that of the three exchanges for another such "
        "organization.",
        fleet.run,
    ),
    Benchmark(
        "memory",
        "at most 25 MiB for each fork above Ansible's own, and no growth with rows in a worker",
        "ansible-playbook with 50 forks whose workers wait for a result of 2 s, into SQLite, held against workers that "
        "hold a debug task for 2 s: the most that all processes have at one moment, shared pages counted once (PSS), "
        "seen every 50 ms. A worker's own memory is what it shares with nobody (USS).",
        memory.run,
    ),
    Benchmark(
        "stores",
        "50 writers at once lose nothing; 60,000 rows/s from the wire into PostgreSQL at a million rows",
        "50 processes, each collecting an organization of its own into the same store, held against the same one after "
        "the other. PostgreSQL: as in bulk, into a new database each time, on a server of its own that shares the "
        "processors with the task and the sandbox.",
        stores.run,
    ),
    Benchmark(
        "report",
        "300 organizations over 90 days, 5.4 million rows: at most 15 s and 300 MB, a first file of at most 2 MB",
        "One usage_report task that makes HTML in a folder, with the default options: a page of the fleet and one for "
        "each organization, 30 of them with charts. The store is in SQLite, with 200 clients for each organization. In "
        "a process of its own; starting Python and importing are not in the time. The second line reads as many rows, "
        "and compares.",
        report.run,
    ),
    Benchmark(
        "gate",
        "300 organizations over 90 days, 5.4 million rows, judged by all built-in rules: below 10 s and 200 MB",
        "One usage_gate task with an allowance, so that no built-in rule is left out, on the same store as the report, "
        "in a process of its own; starting Python and importing are not in the time. That every organization and every "
        "client was judged by every rule is counted. The second line is with two rules more, which are not built in "
        "and take every client's single days. That the database finds what it adds up by indexes, a unit test holds.",
        gate.run,
    ),
)
