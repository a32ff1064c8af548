# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every page has around it, and the small parts that pages are made of.

Private to the collection: this may change without notice.
"""

FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>{% block title %}{{ fleet.title | seen }}{% endblock %}</title>
<style>{{ style }}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
{% block top %}{% endblock %}
<main id="main" class="wide">
{% block main %}{% endblock %}
</main>
<footer class="wide soft">
<p>{{ words.NOT_A_BILL }} Days and times are UTC.</p>
</footer>
<script>{{ script }}</script>
</body>
</html>
"""

PARTS = """
{% macro n(value, text, class="") %}
<td class="n{{ ' ' ~ class if class }}" data-v="{{ '-Infinity' if value is none else value }}">{{ text }}</td>
{% endmacro %}

{% macro count(value) %}{{ n(value, value | number) }}{% endmacro %}

{% macro share(sums, metric) %}{{ n(sums.share(metric), sums.share(metric) | percent) }}{% endmacro %}

{% macro moved(value) %}{{ n(value, value | signed) }}{% endmacro %}

{% macro head(columns) %}
{% set texts = ("Last day", "Collected", "Last collected", "Finding", "Rule", "Verdict") %}
<thead><tr>
{% for column in columns %}
<th scope="col"{{ ' class="n"' | safe if not loop.first and column not in texts }}>{{ column }}</th>
{% endfor %}
</tr></thead>
{% endmacro %}

{% macro scroll(label) %}
<div class="scroll" role="region" tabindex="0" aria-label="{{ label }}">
{{ caller() }}</div>
{% endmacro %}

{% macro figure(chart, caption, label) %}
<figure>
{% if chart %}
{% call scroll(label) %}{{ chart }}{% endcall %}
{% endif %}
<figcaption>{{ caption }}</figcaption>
</figure>
{% endmacro %}

{% macro missing() %}<span class="soft">not collected</span>{% endmacro %}

{% macro identity(line) %}
<th scope="row">{{ (line.name or line.key) | name }}
{%- if line.name and line.key %}<span class="id">{{ line.key | name }}</span>{% endif %}</th>
{% endmacro %}
"""
