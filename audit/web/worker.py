"""The service worker and the manifest: what makes a tablet keep pages and open them as an app."""

import gzip
from hashlib import sha256

from flask import Blueprint, Response, current_app, json, request, url_for
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
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    script = _whole(files).encode()
    body = gzip.compress(script, mtime=0) if packed else script
    response = Response(body, mimetype="text/javascript")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/"
    # Weak, since it holds for both ways of sending.
    response.set_etag(sha256(script).hexdigest()[:24], weak=True)
    response.make_conditional(request)
    return response


def _whole(files: StaticFiles) -> str:
    kept = [files.address(name) for name in files.files if name != _SCRIPT]
    script = files.files[_SCRIPT].plain.decode()
    head = f"const BUILD = {json.dumps(files.build)};\nconst FILES = {json.dumps(kept)};\n"
    return head + script


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
