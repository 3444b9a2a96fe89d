"""What tests begin with: plain functions that go through the operations."""
