# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first page: the fleet.

Private to the collection: this may change without notice.
"""

INDEX = """{% extends "frame" %}
{% import "parts" as parts with context %}
{% from "organization" import organization with context %}
{% block top %}
<header class="top"><div class="wide">
<p class="over">Genesys Cloud API usage</p>
<h1>{{ fleet.title | name }}</h1>
<dl class="facts">
<div><dt>Period</dt><dd>{{ words.days(fleet.span) }}, {{ fleet.days | length | counted("day") }} of UTC</dd></div>
<div><dt>Compared with</dt><dd>{{ words.days(fleet.before) }}</dd></div>
<div><dt>Collected</dt><dd>{{ words.collected(fleet) }}</dd></div>
<div><dt>Usage service</dt><dd><code>{{ fleet.service }}</code>. {{ words.SERVICE_NOTES[fleet.service] }}</dd></div>
</dl>
</div></header>
{% endblock %}

{% block main %}
<section aria-labelledby="coverage" class="coverage
  {{- " none" if not fleet.complete else " some" if fleet.incomplete }}">
<h2 id="coverage">{{ words.coverage(fleet) }}</h2>
{% if fleet.incomplete %}
<p>Days that were not collected are missing in all figures; they are not days without requests.</p>
<ul>
{% for one in fleet.incomplete %}
<li><strong>{{ one.name | name }}</strong>: {{ words.state(one) }} collected. {{ words.reason(one) | name }}</li>
{% endfor %}
</ul>
{% endif %}
</section>

<section aria-labelledby="figures">
<h2 id="figures">Key figures</h2>
<ul class="cards">
<li><span class="label">Requests</span><span class="value">{{ fleet.sums.requests | number }}</span>
<span class="more">{{ growth | signed }} against the period before</span></li>
<li><span class="label">Throttled (429)</span><span class="value">{{ fleet.sums.status429 | number }}</span>
<span class="more">{{ fleet.sums.share("status429") | percent }} of all requests,
before {{ was.share("status429") | percent }}</span></li>
<li><span class="label">4xx</span><span class="value">{{ fleet.sums.share("status400") | percent }}</span>
<span class="more">{{ fleet.sums.status400 | number }} requests,
before {{ was.share("status400") | percent }}</span></li>
<li><span class="label">5xx</span><span class="value">{{ fleet.sums.share("status500") | percent }}</span>
<span class="more">{{ fleet.sums.status500 | number }} requests,
before {{ was.share("status500") | percent }}</span></li>
<li><span class="label">Active organizations</span>
<span class="value">{{ fleet.organizations | selectattr("sums.requests") | list | length | number }}</span>
<span class="more">of {{ fleet.organizations | length | number }}</span></li>
</ul>
<p class="note">{{ growth_words }}</p>
</section>

{% if fleet.verdict %}
{% include "findings" %}
{% endif %}

<section aria-labelledby="daily">
<h2 id="daily">Requests a day</h2>
{% if not drawn %}<p class="note">{{ note }}</p>{% endif %}
{{ parts.figure(charts.stacked, captions.stacked, "Chart: requests a day") }}
<details{{ " open" if not drawn }}><summary>The figures as a table</summary>
{% call parts.scroll("Table: requests a day") %}
<table><caption>Requests a day, by organization</caption>
<thead><tr><th scope="col">Day</th>
{% for one in shown %}<th scope="col" class="n">{{ one.name | name }}</th>{% endfor %}
{% if others %}<th scope="col" class="n">{{ others | length }} others</th>{% endif %}
<th scope="col" class="n">All</th></tr></thead>
<tbody>
{% for row in daily %}
<tr><th scope="row">{{ row.day }}</th>
{% for value in row.shown %}
<td class="n">{% if value is none %}{{ parts.missing() }}{% else %}{{ value | number }}{% endif %}</td>
{% endfor %}
{% if others %}<td class="n">{{ row.others | number }}</td>{% endif %}
<td class="n">{{ row.all | number }}{% if row.missing %}
<span class="id">without {{ row.missing }} not collected</span>{% endif %}</td></tr>
{% endfor %}
</tbody></table>
{% endcall %}
</details>
</section>

<section aria-labelledby="errors">
<h2 id="errors">Errors and throttling</h2>
{{ parts.figure(charts.shares, captions.shares, "Chart: share of errors a day") }}
{% call parts.scroll("Table: requests by status") %}
<table class="narrow"><caption>Requests by status; {{ words.within(fleet) }}</caption>
{{ parts.head(["Status", "Requests", "Share", "Share before"]) }}
<tbody>
{% for label, metric in statuses %}
<tr><th scope="row">{{ label }}</th>{{ parts.count(fleet.sums | attr(metric)) }}{{ parts.share(fleet.sums, metric) }}
{{ parts.share(was, metric) }}</tr>
{% endfor %}
</tbody></table>
{% endcall %}
<h3>Throttling (429) by organization and day</h3>
{% if heated %}
{{ parts.figure(charts.heat, captions.heat, "Chart: 429 by organization and day") }}
{% else %}
<p>No organization had a 429.</p>
{% endif %}
</section>

<section aria-labelledby="allowance">
<h2 id="allowance">Billing period, forecast and allowance</h2>
{% if fleet.has_allowances %}
{{ parts.figure(charts.allowances, captions.allowances, "Chart: allowance used and expected") }}
{% else %}
<p>No allowance was given, so none is shown: the options <code>allowance</code> and <code>allowances</code> take what
your contract says.</p>
{% endif %}
{% call parts.scroll("Table: billing period by organization") %}
<table class="sorts"><caption>Requests in the billing period {{ words.days(period) }}, what is expected at its end with
the range that holds it in four cases of five, and the allowance</caption>
{{ parts.head(["Organization", "So far", "Expected", "Allowance", "Used", "Expected share"]) }}
<tbody>
{% for one in fleet.organizations if one.plan %}
{% set plan = one.plan %}
{% set part = plan.part(plan.expected) %}
<tr><th scope="row">{{ one.name | name }}</th>
{{ parts.count(plan.forecast.measured) }}
<td class="n" data-v="{{ plan.expected or "-Infinity" }}">{{ plan.expected | number }}
<span class="id">{{ words.interval(plan) }}</span></td>
{{ parts.count(plan.allowance.requests if plan.allowance else none) }}
{{ parts.n(plan.used, plan.used | percent(1), "bad" if plan.used and plan.used > 1) }}
{{ parts.n(part, part | percent(1), "bad" if part and part > 1) }}</tr>
{% endfor %}
</tbody></table>
{% endcall %}
</section>

<section aria-labelledby="organizations">
<h2 id="organizations">Organizations</h2>
{% call parts.scroll("Table: organizations") %}
<table class="sorts"><caption>Organizations, the busiest first. {{ words.within(fleet) | capitalize }}.</caption>
{{ parts.head(["Organization", "Requests", "Change", "429", "429 share", "4xx share", "5xx share", "Collected"]) }}
<tbody>
{% for one in fleet.organizations %}
<tr><th scope="row"><a href="{{ links[one.name] }}">{{ one.name | name }}</a></th>
{% if one.state == "none" %}
{% for _column in range(6) %}{{ parts.n(none, "\u2013") }}{% endfor %}
{% else %}
{{ parts.count(one.sums.requests) }}{{ parts.moved(one.change) }}{{ parts.count(one.sums.status429) }}
{{ parts.share(one.sums, "status429") }}{{ parts.share(one.sums, "status400") }}{{ parts.share(one.sums, "status500") }}
{% endif %}
<td class="day">{% if one.state == "complete" %}{{ words.state(one) }}{% else %}
<span class="tag {{ "bad" if one.state == "none" else "warnt" }}">{{ words.state(one) }}</span>{% endif %}
{% if one.collected_at %}<span class="id">{{ words.moment(one.collected_at) }}</span>{% endif %}</td></tr>
{% endfor %}
</tbody></table>
{% endcall %}
</section>

{% for detail in details %}
<section class="organization" id="{{ detail.organization.slug }}" aria-labelledby="t-{{ detail.organization.slug }}">
<h2 id="t-{{ detail.organization.slug }}">{{ detail.organization.name | name }}</h2>
{{ organization(detail, draw(detail.organization), "h3", detail.organization.slug) }}
</section>
{% endfor %}

<section aria-labelledby="trace">
<h2 id="trace">Where these figures come from</h2>
<dl class="facts">
<div><dt>Organizations</dt><dd>{{ fleet.organizations | length | number }}</dd></div>
<div><dt>Usage service</dt><dd><code>{{ fleet.service }}</code></dd></div>
<div><dt>Grouping</dt><dd><code>{{ fleet.group_by | join(", ") or "none" }}</code></dd></div>
<div><dt>Days</dt><dd>{{ words.days(fleet.span) }}</dd></div>
<div><dt>Rows</dt><dd>{{ fleet.organizations | sum(attribute="rows") | number }}</dd></div>
<div><dt>Executions</dt><dd>{{ executions | number }}, listed with each organization</dd></div>
<div><dt>Collected</dt><dd>{{ words.collected(fleet) }}</dd></div>
</dl>
<p class="note">Figures of other services or groupings are not in them. {{ words.within(fleet) | capitalize }}.</p>
</section>
{% endblock %}
"""

FINDINGS = """
<section aria-labelledby="findings">
<h2 id="findings">Findings of the gate</h2>
<div class="verdict {{ fleet.verdict.verdict }}">
<p><strong>{{ fleet.verdict.verdict | upper }}</strong>:
{% for word, count in fleet.verdict.counts.items() if count %}{{ count | number }} {{ word | seen }},
{% endfor %}
of all rules and what they were held against.</p>
{% if fleet.verdict.note %}<p class="note">{{ fleet.verdict.note | seen }}</p>{% endif %}
</div>
{% if fleet.verdict.findings %}
{% call parts.scroll("Table: findings") %}
<table class="sorts findings"><caption>Findings, the worst first</caption>
{{ parts.head(["About", "Verdict", "Rule", "Finding"]) }}
<tbody>
{% for finding in fleet.verdict.findings %}
<tr><th scope="row">{{ subject(finding) | name }}</th>
<td class="tag {{ {"fail": "bad", "unknown": "warnt", "warn": "warnt"}.get(finding.verdict, "") }}">
{{ finding.verdict | string | seen }}</td>
<td>{{ finding.rule | string | name }}</td>
<td class="text">{{ finding.message | string | name }}
{%- if waived(finding) %}<span class="id">{{ waived(finding) | name }}</span>{% endif %}</td></tr>
{% endfor %}
</tbody></table>
{% endcall %}
{% endif %}
</section>
"""
