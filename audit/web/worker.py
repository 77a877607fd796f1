"""The service worker and the manifest: what makes a tablet keep pages and open them as an app."""

from flask import Blueprint, Response, current_app, json, url_for
from flask.typing import ResponseReturnValue

from audit.web.access import public
from audit.web.static_files import StaticFiles, files_of

pages = Blueprint("worker", __name__)
_SCRIPT = "js/worker.js"
# Worn by the window around the app, before any style is read: ground and accent of tokens.css.
_GROUND, _ACCENT = "#f8f8f5", "#0c5a5d"


@pages.get("/sw.js")
@public
def script() -> ResponseReturnValue:
    """Send the worker with the build it keeps; browsers ask anew at each visit."""
    files = files_of(current_app)
    response = Response(_whole(files), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/"
    return response


def _whole(files: StaticFiles) -> str:
    kept = [files.address(name) for name in files.files if name != _SCRIPT]
    script = files.files[_SCRIPT].plain.decode()
    return f"const BUILD = {json.dumps(files.build)};\nconst FILES = {json.dumps(kept)};\n{script}"


@pages.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Describe the app that a tablet installs."""
    files = files_of(current_app)
    icons = [
        {"src": files.address(f"icons/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for name, size in (("app-192", 192), ("app-512", 512))
    ]
    maskable = {**icons[-1], "src": files.address("icons/app-maskable.png"), "purpose": "maskable"}
    about = {
        "name": "Hygiene Audit",
        "short_name": "Hygiene Audit",
        "id": "/visit",
        "start_url": url_for("visit.start"),
        "scope": "/",
        "display": "standalone",
        "background_color": _GROUND,
        "theme_color": _ACCENT,
        "icons": [*icons, maskable],
    }
    response = Response(json.dumps(about), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response
