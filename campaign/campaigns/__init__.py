"""Campaigns: questions, policy, signatories."""
