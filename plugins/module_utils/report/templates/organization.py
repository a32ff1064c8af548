# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One organization: a section of the page of the fleet, or a page of its own.

Private to the collection: this may change without notice.
"""

PAGE = """{% extends "frame" %}
{% import "parts" as parts with context %}
{% from "organization" import organization with context %}
{% set one = detail.organization %}
{% block title %}{{ one.name | seen }}: {{ fleet.title | seen }}{% endblock %}
{% block top %}
<header class="top"><div class="wide">
<nav aria-label="Up" class="trail"><a href="../index.html">All organizations</a></nav>
<p class="over">Genesys Cloud API usage</p>
<h1>{{ one.name | name }}</h1>
<p class="soft">{{ fleet.title | name }}: {{ words.days(fleet.span) }},
{{ fleet.days | length | counted("day") }} of UTC; last collected {{ words.moment(one.collected_at) }}</p>
</div></header>
{% endblock %}
{% block main %}
{{ organization(detail, draw(one), "h2", "o") }}
{% endblock %}
"""

ORGANIZATION = """
{% import "parts" as parts with context %}

{% macro lines(one, found, caption, what, label, compared=true) %}
{% set whole = one.sums.requests %}
{% call parts.scroll(label ~ " of " ~ (one.name | seen)) %}
<table class="sorts"><caption>{{ caption }}</caption>
{{ parts.head([what, "Requests", "Share"] + (["Change"] if compared else [])
  + ["429 share", "4xx share", "5xx share", "Last day"]) }}
<tbody>
{% for line in found %}
<tr>{{ parts.identity(line) }}{{ parts.count(line.sums.requests) }}
{{ parts.n(line.sums.requests, (line.sums.requests / whole if whole else none) | percent(1)) }}
{% if compared %}{{ parts.moved(line.change) }}{% endif %}
{% for metric in ("status429", "status400", "status500") %}{{ parts.share(line.sums, metric) }}{% endfor %}
<td class="day">{{ line.last }}</td></tr>
{% endfor %}
</tbody></table>
{% endcall %}
{% endmacro %}

{% macro errors(one, found) %}
{% call parts.scroll("Table: clients with errors of " ~ (one.name | seen)) %}
<table class="sorts"><caption>Clients by 429, 4xx and 5xx; {{ words.within(fleet) }}</caption>
{{ parts.head(["Client", "Requests", "429", "429 share", "4xx", "4xx share", "5xx", "5xx share"]) }}
<tbody>
{% for line in found %}
<tr>{{ parts.identity(line) }}{{ parts.count(line.sums.requests) }}
{% for metric in ("status429", "status400", "status500") %}
{{ parts.count(line.sums | attr(metric)) }}{{ parts.share(line.sums, metric) }}
{% endfor %}
</tr>
{% endfor %}
</tbody></table>
{% endcall %}
{% endmacro %}

{% macro more(found) %}
{% if found | length > fleet.top %}
<p class="note">{{ (found | length - fleet.top) | number }} more are not shown; the formats csv and json have all.</p>
{% endif %}
{% endmacro %}

{% macro absent(one, found, title, said, nobody, heading, past=false) %}
<{{ heading }}>{{ title }}</{{ heading }}>
{% if found %}
{% call parts.scroll("Table: " ~ title ~ " of " ~ (one.name | seen)) %}
<table class="sorts"><caption>{{ said }}</caption>
{{ parts.head(["Client", "Requests before", "Last day"] if past else ["Client"]) }}
<tbody>
{% for line in found[:fleet.top] %}
<tr>{{ parts.identity(line) }}
{% if past %}{{ parts.count(line.requests) }}<td class="day">{{ line.last }}</td>{% endif %}</tr>
{% endfor %}
</tbody></table>
{% endcall %}
{{ more(found) }}
{% else %}
<p>{{ nobody }}</p>
{% endif %}
{% endmacro %}

{% macro trace(detail) %}
{% set one = detail.organization %}
<dl class="facts">
<div><dt>Organization</dt><dd>{{ one.name | name }}</dd></div>
<div><dt>Usage service</dt><dd><code>{{ fleet.service }}</code></dd></div>
<div><dt>Grouping</dt><dd><code>{{ fleet.group_by | join(", ") or "none" }}</code></dd></div>
<div><dt>Days</dt><dd>{{ words.days(fleet.span) }}: {{ words.state(one) }}, {{ one.rows | number }} rows</dd></div>
<div><dt>Last collected</dt><dd>{{ words.moment(one.collected_at) }}</dd></div>
</dl>
{% if one.executions %}
<details>
<summary>{{ one.executions | length | counted("execution") }}, {{ one.runs | length | counted("run") }}</summary>
<p>{% for id in one.executions %}<code>{{ id | seen }}</code>{{ ", " if not loop.last }}{% endfor %}</p>
<p>{% for id in one.runs %}<code>{{ id | seen }}</code>{{ ", " if not loop.last }}{% endfor %}</p></details>
{% endif %}
{% endmacro %}

{% macro organization(detail, chart, heading, anchor) %}
{% set one = detail.organization %}
{% if one.state != "complete" %}
<div class="coverage {{ "none" if one.state == "none" else "some" }}">
<p><strong>{{ words.state(one) | capitalize }} collected.</strong> {{ words.reason(one) | name }}</p>
</div>
{% elif one.failure %}
<div class="coverage some"><p><strong>The last attempt failed</strong>, at {{ words.moment(one.failure.at) }}.
{{ words.reason(one) | name }}</p></div>
{% endif %}
{% if one.state != "none" %}
<ul class="cards">
<li><span class="label">Requests</span><span class="value">{{ one.sums.requests | number }}</span>
<span class="more">{{ words.moved(one) }}</span></li>
<li><span class="label">Throttled (429)</span><span class="value">{{ one.sums.share("status429") | percent }}</span>
<span class="more">{{ one.sums.status429 | number }} requests</span></li>
<li><span class="label">4xx</span><span class="value">{{ one.sums.share("status400") | percent }}</span>
<span class="more">{{ one.sums.status400 | number }} requests</span></li>
<li><span class="label">5xx</span><span class="value">{{ one.sums.share("status500") | percent }}</span>
<span class="more">{{ one.sums.status500 | number }} requests</span></li>
<li><span class="label">Billing period, expected</span>
<span class="value">{{ (one.plan.expected if one.plan else none) | number }}</span>
<span class="more">{{ words.allowance(one.plan) }}</span></li>
</ul>
<{{ heading }}>Requests a day</{{ heading }}>
{{ parts.figure(chart, captions.trend(one), "Chart: requests a day of " ~ (one.name | seen)) }}
{% if drawn and not chart %}
<p class="note">Charts are drawn for the {{ fleet.charts | number }} busiest organizations.</p>
{% endif %}
<details{{ " open" if not chart }}><summary>The figures as a table</summary>
{% call parts.scroll("Table: requests a day of " ~ (one.name | seen)) %}
<table><caption>Requests a day</caption>
{{ parts.head(["Day", "Requests", "429", "4xx", "5xx"]) }}
<tbody>
{% for day in fleet.days %}
<tr><th scope="row">{{ day }}</th>
{% if day in one.daily %}
{% set sums = one.daily[day] %}
<td class="n">{{ sums.requests | number }}</td><td class="n">{{ sums.status429 | number }}</td>
<td class="n">{{ sums.status400 | number }}</td><td class="n">{{ sums.status500 | number }}</td>
{% else %}
<td colspan="4" class="n">{{ parts.missing() }}</td>
{% endif %}
</tr>
{% endfor %}
</tbody></table>
{% endcall %}
</details>
{% if detail.clients is not none %}
<{{ heading }}>Busiest clients</{{ heading }}>
{{ lines(one, detail.clients[:fleet.top], "The busiest of " ~ (detail.clients | length | counted("client"))
  ~ " with requests", "Client", "Table: busiest clients") }}
{% set failing = worst(detail.clients) %}
{% if failing %}
<{{ heading }}>Clients with the most 429 and errors</{{ heading }}>
{{ errors(one, failing) }}
{% endif %}
{% endif %}
{% if detail.endpoints is not none %}
<{{ heading }}>Busiest endpoints</{{ heading }}>
{{ lines(one, detail.endpoints[:fleet.top], "The busiest of " ~ (detail.endpoints | length | counted("endpoint"))
  ~ ", of rows grouped by " ~ (fleet.endpoint_group_by | join(", ")), "Endpoint", "Table: busiest endpoints",
  false) }}
{% endif %}
{% if detail.clients is not none %}
{% if detail.new is not none %}
{% if detail.new %}
<{{ heading }}>New clients</{{ heading }}>
{{ lines(one, detail.new[:fleet.top], "Clients with requests in this period and none in the one before", "Client",
  "Table: new clients") }}
{{ more(detail.new) }}
{% else %}
<{{ heading }}>New clients</{{ heading }}><p>Every client that had requests had some in the period before too.</p>
{% endif %}
{{ absent(one, detail.vanished, "Vanished clients", "Clients with requests in the period before and none in this one",
  "Every client that had requests in the period before had some in this one too.", heading, true) }}
{% else %}
<p class="note">{{ words.untold(fleet, detail) }}</p>
{% endif %}
{% if detail.unused is not none %}
{{ absent(one, detail.unused, "Unused clients", "Clients that can sign in and made no request in this period",
  "Every client that can sign in made requests.", heading) }}
{% endif %}
{% endif %}
{% endif %}
<{{ heading }}>Where these figures come from</{{ heading }}>
{{ trace(detail) }}
{% endmacro %}
"""
