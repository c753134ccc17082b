"""One way to write a value as JSON, so that the same value always has the same bytes and the same hash."""

import json
from typing import Any

from pydantic import BaseModel


def canonical(value: Any) -> bytes:
    """The value in UTF-8 with sorted keys and no spaces; refuses numbers that JSON does not have."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
