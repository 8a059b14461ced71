"""The types of field values."""

from __future__ import annotations

from typing import Any, TypeAlias

JSON: TypeAlias = Any
"""What `json.loads` gives: None, bool, int, float, str, list or dict of these."""

Value: TypeAlias = Any
"""A field's value: text, number, `Decimal`, truth value, date, time, None, or lists and mappings of these."""
