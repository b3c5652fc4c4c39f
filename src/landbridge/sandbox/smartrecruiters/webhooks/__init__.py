"""Webhook subscriptions: who wants to hear of what, and the signed, repeated deliveries of it."""

from landbridge.sandbox.smartrecruiters.webhooks.book import Book
from landbridge.sandbox.smartrecruiters.webhooks.control import webhook_routes
from landbridge.sandbox.smartrecruiters.webhooks.courier import Courier
from landbridge.sandbox.smartrecruiters.webhooks.subscriptions import Subscriptions

__all__ = ["Book", "Courier", "Subscriptions", "webhook_routes"]
