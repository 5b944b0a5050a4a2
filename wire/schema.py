"""The JSON Schema of the wire, written beside this module for readers in other languages.

``python -m wire.schema`` writes it; a test finds out when it was forgotten.
"""

import json
import sys
from pathlib import Path
from typing import Final

from pydantic.json_schema import models_json_schema

from wire.alert import Alert
from wire.health import Health
from wire.message import Message
from wire.presence import GatewayPresence, Presence
from wire.receipt import Receipt

MESSAGES: Final[dict[str, type[Message]]] = {
    "alert": Alert,
    "presence": Presence,
    "health": Health,
    "receipt": Receipt,
    "gateway-presence": GatewayPresence,
}
"""By the kind that a signature names."""

SCHEMA_FILE: Final = Path(__file__).with_name("schema.json")


def schema_text() -> str:
    """Every message under ``$defs``, by its name in Python."""
    _, schema = models_json_schema(
        [(message, "validation") for message in MESSAGES.values()], title="Sanse wire"
    )
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    SCHEMA_FILE.write_text(schema_text())
    sys.stdout.write(f"wrote {SCHEMA_FILE.name}\n")


if __name__ == "__main__":
    main()
