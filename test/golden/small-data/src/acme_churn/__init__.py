"""Subscription churn, from data to a watched model."""

PROGRAM = "acme-churn"
