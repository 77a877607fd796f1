"""What every answer says to the browser about itself."""

from flask import Flask, Response

_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' blob: data:; "
    "connect-src 'self'; "
    "font-src 'self'; "
    "manifest-src 'self'; "
    "worker-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; "
    "trusted-types our-workers"
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": over https the check of forms looks at where they came from.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TWO_YEARS = 63_072_000


def add_headers(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer of `app`, errors too; pages are private and never kept."""

    def dress(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store, private"
            response.vary.add("Cookie")
        return response

    app.after_request(dress)
