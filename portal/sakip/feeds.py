"""stub"""
from typing import Any
def provide(report: Any, names: Any) -> dict[str, Any]:
    return {}
