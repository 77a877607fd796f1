"""Whether the installation is well, for those who run it."""

from importlib.metadata import version

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from audit.web.access import public
from audit.web.request import installation

pages = Blueprint("health", __name__)


@pages.get("/health")
@public
def health() -> ResponseReturnValue:
    """Say which version runs on which database, and whether its schema is right."""
    database = installation().database
    schema = database.state()
    found = {
        "version": version("hygiene-audit"),
        "database": database.durability(),
        "schema": {
            "current": schema.current,
            "newest": schema.newest,
            "up_to_date": schema.up_to_date,
        },
    }
    return jsonify(found), 200 if schema.up_to_date else 503
