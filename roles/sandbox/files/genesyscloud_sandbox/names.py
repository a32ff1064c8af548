# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Words the sandbox makes organizations from. The companies are invented; the template URIs are the API's own."""

from __future__ import annotations

COMPANIES = (
    "Acme", "Globex", "Initrode", "Vandelay", "Northwind", "Contora", "Fabrikor", "Tailspan", "Lumora", "Halcyon Air",
    "Bluefjord", "Cobalt Bank", "Meridia", "Orchard Health", "Pinecrest", "Quillon", "Riverstone", "Solaris Energy",
    "Terranova", "Umbra Foods", "Vertex Mutual", "Westmark", "Xenith", "Yellowpine", "Zephyr Travel", "Amberline",
    "Birchwood", "Cresthill", "Dunefield", "Eastgate", "Fernhollow", "Glasswing", "Harborlight", "Ironbridge",
    "Juniper Retail", "Kestrel Mobile", "Lanternworks", "Mossvale", "Nightowl", "Oakhaven",
)  # fmt: skip

REGIONS = ("EMEA", "Americas", "APAC", "Nordics", "Iberia", "DACH", "Benelux", "Japan", "Andes", "Gulf")

CLIENT_NAMES = (
    "Wallboard", "CRM sync", "Workforce export", "Recording archiver", "Survey dispatcher", "Chat bot gateway",
    "Queue monitor", "Presence bridge", "Data warehouse loader", "Identity provisioning", "Callback scheduler",
    "Quality sampler", "Routing optimizer", "Agent scripts", "Outbound list loader", "Email connector",
    "Billing reconciler", "Skill planner", "Shift import", "Transcript indexer", "Alert relay", "Status page",
    "Holiday calendar", "Contact cleanup", "Case sync", "Ticket mirror", "Audit collector", "Number inventory",
    "Flow deployer", "Prompt manager", "Lab automation", "Speech tagging", "Knowledge publisher", "Address lookup",
    "Loyalty lookup", "Order status bot", "Fraud scoring", "Payroll extract", "Training portal", "Visitor tracker",
)  # fmt: skip

OPERATIONS = (
    ("GET", "/api/v2/users"),
    ("GET", "/api/v2/users/{userId}"),
    ("PATCH", "api/v2/users/{userId}/presences/{sourceId}"),
    ("GET", "api/v2/users/{userId}/presences/{sourceId}"),
    ("PATCH", "/api/v2/users/{userId}"),
    ("GET", "/api/v2/routing/queues"),
    ("GET", "/api/v2/routing/queues/{queueId}/members"),
    ("POST", "/api/v2/analytics/conversations/details/query"),
    ("POST", "/api/v2/analytics/queues/observations/query"),
    ("POST", "/api/v2/analytics/conversations/aggregates/query"),
    ("GET", "/api/v2/conversations/{conversationId}"),
    ("POST", "/api/v2/conversations/callbacks"),
    ("GET", "/api/v2/conversations/{conversationId}/recordings"),
    ("PUT", "/api/v2/flows/datatables/{datatableId}/rows/{rowId}"),
    ("POST", "/api/v2/outbound/contactlists/{contactListId}/contacts"),
    ("DELETE", "api/v2/outbound/contactlists/{contactListId}/contacts"),
    ("GET", "/api/v2/telephony/providers/edges/sites"),
    ("POST", "api/v2/notifications/channels"),
    ("PUT", "/api/v2/notifications/channels/{channelId}/subscriptions"),
    ("GET", "/api/v2/workforcemanagement/managementunits/{managementUnitId}/schedules"),
    ("POST", "/api/v2/externalcontacts/contacts"),
    ("GET", "/api/v2/quality/evaluations/query"),
    ("HEAD", "/api/v2/tokens/me"),
)

PLATFORMS = ("public-api", "web", "mobile")

BUILTIN_CLIENTS = ("purecloud", "purecloud-builtin")
"""Genesys' own clients: the query service leaves them out, the jobs service counts them (USAGE_API.md section 1)."""


def slug(title: str) -> str:
    """A title in the spelling of an inventory host: ``Acme EMEA`` is ``acme-emea``."""
    return "-".join(title.lower().split())


def organization_title(index: int) -> str:
    """The title of the ``index``-th organization; every index has its own."""
    row, company = divmod(index, len(COMPANIES))
    lap, region = divmod(row, len(REGIONS))
    title = f"{COMPANIES[company]} {REGIONS[(region + company * 3) % len(REGIONS)]}"
    return f"{title} {lap + 1}" if lap else title
