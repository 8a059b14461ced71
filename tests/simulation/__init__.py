"""Thousands of histories of a merchant, each played from a number: people, machines, and whatever goes wrong."""
