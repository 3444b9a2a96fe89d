"""Tests of the stage replies."""
